import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { targetUrl } from "../src/webhooks/post.js";
import { openRecorder, readRecording } from "../src/webhooks/recording.js";

const folder = mkdtempSync(join(tmpdir(), "colloquy-recording-"));
afterAll(() => rmSync(folder, { recursive: true }));

const delivery = (text: string) => ({ headers: { "x-webhook-signature": "made-up" }, body: Buffer.from(text) });

describe("a recording of deliveries", () => {
  it("gives back the exact bytes, in order, from a file that only its owner can read", async () => {
    const path = join(folder, "deliveries.ndjson");
    const bodies = ["{}", '{"text":"Grüße 👍"}', "\u0000\n\r not json", ""];
    const recorder = await openRecorder(path, () => 1_760_000_000_000);
    await Promise.all(bodies.map((body) => recorder.write(delivery(body))));
    await recorder.close();
    const again = await openRecorder(path, () => 1_760_000_000_001);
    await again.write(delivery("last"));
    await again.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const read = readRecording(readFileSync(path, "utf8"));
    expect(read.map((line) => ("delivery" in line ? Buffer.from(line.delivery.body).toString() : line))).toEqual([
      ...bodies,
      "last",
    ]);
    expect(read[0]).toMatchObject({ lineNumber: 1, delivery: { headers: { "x-webhook-signature": "made-up" } } });
  });

  it("tells a bad line by its number and never by what it holds", () => {
    const good = JSON.stringify({ headers: { "X-Webhook-Signature": "made-up" }, body: "e30=" });
    const lines = [good, "canary", "", '{"headers":{"a":1},"body":"canary text"}', '"canary"', good];
    const read = readRecording(lines.join("\n"));
    expect(read.map(({ lineNumber }) => lineNumber)).toEqual([1, 2, 4, 5, 6]);
    expect(read.filter((line) => "problem" in line)).toEqual([
      { lineNumber: 2, problem: "is no JSON" },
      { lineNumber: 4, problem: "is no delivery: missing or wrong: headers, body" },
      { lineNumber: 5, problem: "is no delivery: missing or wrong: the line itself" },
    ]);
    expect(read.at(-1)).toMatchObject({ delivery: { headers: { "x-webhook-signature": "made-up" } } });
  });
});

describe("where deliveries may be posted", () => {
  it.each(["https://app.example/hook", "http://127.0.0.1:3000/hook", "http://localhost/hook", "http://[::1]:3000/"])(
    "takes %s",
    (url) => {
      expect(targetUrl(url).href).toContain(new URL(url).host);
    },
  );

  it.each(["http://app.example/hook", "http://127.0.0.1.example/", "ftp://127.0.0.1/", "app.example", ""])(
    "refuses %j, as deliveries carry the secret",
    (url) => {
      expect(() => targetUrl(url)).toThrow(/no URL that deliveries may go to/);
    },
  );
});
