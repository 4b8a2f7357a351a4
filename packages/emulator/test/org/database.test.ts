import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../src/index.js";
import { plainHttp } from "../support/service-stage.js";

describe("the organisation's database in a file", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "org-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is there again for the next process, without a goodbye of the first", async () => {
    const options = { org: { file: join(folder, "org.json"), dials: { humanPolicy: "immediately" as const } } };
    const first = await startEmulator(options);
    const api = plainHttp(() => first.org.sessionsUrl);
    for (const session_id of ["s1", "s2", "s3"]) await api("POST", "/sessions", { session_id });
    await api("POST", "/sessions/s1/send_message", { channel_id: "human", message: "?" });
    await api("PATCH", "/sessions/s2", { status: "FAILED" });
    await api("DELETE", "/session/s3");
    first.org.addChannel("extra");
    // Nothing is written at the end, so a process that is killed leaves the same file.
    const second = await startEmulator(options);
    expect(second.org.sessions).toMatchObject([
      { session_id: "s1", status: "validated", message_data: { decision: "approved" } },
      { session_id: "s2", status: "failed" },
    ]);
    expect(second.org.channels.map(({ channel_id }) => channel_id)).toEqual(["human", "extra"]);
    const metadata = { endpoint_url: expect.stringContaining(second.url) as string };
    expect(second.org.channels[0]).toMatchObject({ channel_metadata: metadata });
    await first.close();
    await second.close();
  });

  it("expires at the start what fell due while no process ran", async () => {
    const file = join(folder, "org.json");
    const first = await startEmulator({ org: { file, dials: { dialect: "repaired" } } });
    await plainHttp(() => first.org.sessionsUrl)("POST", "/session", { session_id: "s1", expiry_date: 1 });
    expect(first.org.sessions[0]?.["status"]).toBe("pending");
    await first.close();
    const second = await startEmulator({ org: { file } });
    expect(second.org.sessions[0]?.["status"]).toBe("expired");
    await second.close();
  });
});
