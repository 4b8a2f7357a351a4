import { appendFileSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Child, start } from "./support/child.js";
import { canaries, type Emulated, emulated } from "./support/emulated.js";

let world: Emulated;
let recording: string;
const children: Child[] = [];
const servers: Server[] = [];

beforeEach(async () => {
  world = await emulated();
  recording = join(world.folder, "deliveries.ndjson");
  await world.run(["pair", "wasender", "--name", "Shop", "--phone", canaries.phone]);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.process.kill("SIGKILL");
  for (const server of servers.splice(0)) server.close();
  await world.close();
});

const events = "messages.received,message.sent,session.status,call";

/** `webhook listen` as a process, with the session's webhook pointed at it. */
async function listening(...flags: readonly string[]): Promise<Child> {
  const child = start(["webhook", "listen", "Shop", "--events", ...flags], world.environment);
  children.push(child);
  const { url } = JSON.parse(await child.line((line) => line.includes('"event":"listening"'))) as { url: string };
  await world.run(["wasender", "webhook", "set", "Shop", "--url", url, "--subscribe", events, "--enable"]);
  return child;
}

async function stopped(child: Child): Promise<Record<string, unknown>> {
  child.process.kill("SIGINT");
  expect((await child.exited).exitCode).toBe(0);
  return JSON.parse(child.output.stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
}

/** What the session's inbox holds for the application. */
async function inboxLines(): Promise<readonly string[]> {
  const { stdout } = await world.run(["watch", "Shop", "--for", "800ms", "--events"]);
  return stdout.split("\n").filter((line) => line.includes('"type":"message.received"'));
}

describe("webhook listen", () => {
  it("prints what verified deliveries hold, masked, and leaves them for the application", async () => {
    const child = await listening();
    world.emulator.wasender.receive(1, { from: canaries.recipient, text: canaries.text, name: "Ada" });
    world.emulator.wasender.happen(1, { kind: "call", from: canaries.recipient });
    world.emulator.wasender.emit(1, "session.status", { status: "connected" });
    expect(JSON.parse(await child.line((line) => line.includes("message.received")))).toMatchObject({
      event: "session_event",
      from: "+1555•••87",
      text: "(text of 32 characters)",
    });
    await child.line((line) => line.includes('"name":"call"'));
    expect(JSON.parse(await child.line((line) => line.includes('"signal"')))).toMatchObject({ word: "connected" });
    expect(await stopped(child)).toMatchObject({ ok: true, deliveries: 3, events: 2 });
    const { apiKey, webhookSecret } = world.emulator.wasender.sessions[0] ?? { apiKey: "", webhookSecret: "" };
    for (const secret of [canaries.text, canaries.recipient.slice(1), apiKey, webhookSecret])
      expect(child.output.stdout + child.output.stderr).not.toContain(secret);
    expect(await inboxLines()).toHaveLength(1);
  });

  it("prints one object a line with --json, where it listens first and the result last", async () => {
    const child = start(["webhook", "listen", "Shop", "--json"], world.environment);
    children.push(child);
    const { url } = JSON.parse(await child.line((line) => line.includes('"type":"listening"'))) as { url: string };
    await world.run(["wasender", "webhook", "set", "Shop", "--url", url, "--subscribe", events, "--enable"]);
    world.emulator.wasender.receive(1, { from: canaries.recipient, text: canaries.text });
    const line = await child.line((printed) => printed.includes("message.received"));
    expect(JSON.parse(line)).toMatchObject({ type: "message.received", kind: "text" });
    expect(line).not.toContain('"event"');
    expect(await stopped(child)).toEqual({ ok: true, id: expect.stringMatching(/^ses_/), deliveries: 1, events: 1 });
  });

  it("refuses forged deliveries, tells doubled ones as such, and loses none in rough weather", async () => {
    const child = await listening("--record", recording);
    world.emulator.wasender.set({ webhookForge: true, webhookDoubleRate: 1, webhookShuffle: true });
    for (const text of ["1", "2", "3"]) world.emulator.wasender.receive(1, { from: canaries.recipient, text });
    await expect
      .poll(() => world.emulator.wasender.deliveries.filter(({ status }) => status !== null).length, {
        timeout: 20_000,
      })
      .toBe(9);
    const result = await stopped(child);
    expect(result).toMatchObject({ deliveries: 6, events: 3, notRecorded: 0 });
    const told = child.output.stdout;
    expect(told.match(/"isDuplicate":true/g)).toHaveLength(3);
    expect(told.match(/"event":"delivery_refused"/g)).toHaveLength(3);
    const statuses = world.emulator.wasender.deliveries.map(({ forged, status }) => `${forged} ${status}`);
    expect(new Set(statuses)).toEqual(new Set(["true 401", "false 200"]));
    expect(readFileSync(recording, "utf8").trim().split("\n")).toHaveLength(6);
    expect(statSync(recording).mode & 0o777).toBe(0o600);
    const replayed = await world.run(["webhook", "replay", recording, "Shop", "--json"]);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ ok: true, lines: 6, taken: 0, duplicates: 6 });
    expect(await inboxLines()).toHaveLength(3);
  });
});

describe("webhook replay", () => {
  beforeEach(async () => {
    const nowhere = ["--url", "http://127.0.0.1:9/hook", "--subscribe", events, "--enable"];
    await world.run(["wasender", "webhook", "set", "Shop", ...nowhere]);
    for (const text of ["1", "2"]) world.emulator.wasender.receive(1, { from: canaries.recipient, text });
    await world.emulator.wasender.webhooksSettled();
    for (const { body, signature } of world.emulator.wasender.deliveries) {
      const headers = { "content-type": "application/json", "x-webhook-signature": signature, host: "127.0.0.1:9" };
      const line = { headers, body: Buffer.from(JSON.stringify(body)).toString("base64") };
      appendFileSync(recording, `${JSON.stringify(line)}\n`);
    }
  });

  it("stores nothing twice in a session that had the deliveries, and everything in one that had not", async () => {
    await world.run(["webhook", "replay", recording, "Shop"]);
    const again = await world.run(["webhook", "replay", recording, "Shop", "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, lines: 2, taken: 0, duplicates: 2 });
    const fresh = join(world.folder, "fresh.db");
    await world.run(["sessions", "attach", "wasender", "1", "--store", fresh]);
    const { exitCode, stdout } = await world.run(["webhook", "replay", recording, "Shop", "--store", fresh, "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, taken: 2, duplicates: 0, problems: [] });
  });

  it("tells bad lines by their number, refuses forged ones, and goes on with the rest", async () => {
    await world.run(["webhook", "replay", recording, "Shop"]);
    const [first = ""] = readFileSync(recording, "utf8").split("\n");
    const forged = { ...(JSON.parse(first) as object), headers: { "x-webhook-signature": "guessed" } };
    appendFileSync(recording, `no json\n${JSON.stringify(forged)}\n${first}\n`);
    const { exitCode, stdout } = await world.run(["webhook", "replay", recording, "Shop", "--json"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      lines: 5,
      duplicates: 3,
      problems: [
        { line: 3, problem: "is no JSON" },
        { line: 4, problem: "WEBHOOK_REJECTED" },
      ],
    });
    const { stdout: lines } = await world.run(["webhook", "replay", recording, "Shop"]);
    expect(lines).toContain("line 3: unreadable: it is no JSON");
    expect(lines).toContain("0 taken, 3 came before, 1 refused, 1 unreadable.");
  });

  it("posts the recorded bytes and headers to a URL, and tells what was answered", async () => {
    const got: { readonly signature: unknown; readonly body: string }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        got.push({ signature: request.headers["x-webhook-signature"], body: Buffer.concat(chunks).toString() });
        response.writeHead(got.length === 1 ? 200 : 500).end();
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const { exitCode, stdout } = await world.run(["webhook", "replay", recording, "--to", to, "--json"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ taken: 1, refused: 1, problems: [{ line: 2, problem: "HTTP 500" }] });
    const sent = world.emulator.wasender.deliveries.map(({ body, signature }) => ({
      signature,
      body: JSON.stringify(body),
    }));
    expect(got).toEqual(sent);
    server.close();
    server.closeAllConnections();
    expect((await world.run(["webhook", "replay", recording, "--to", to])).exitCode).toBe(6);
  });

  it.each([
    ["neither a session nor a URL", []],
    ["both", ["Shop", "--to", "https://app.example/"]],
    ["a URL in the clear", ["--to", "http://app.example/"]],
    ["an unknown session", ["Nobody"]],
  ])("ends with 7 for %s", async (_what, args) => {
    expect((await world.run(["webhook", "replay", recording, ...args])).exitCode).toBe(7);
  });
});
