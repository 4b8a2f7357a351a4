import { describe, expect, it } from "vitest";
import { openDataChannel } from "../../src/index.js";
import { handshakeRequest, setting, shakeHands, streamUrl } from "../support/setting.js";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("opening", () => {
  it("begins with one text frame in the peers' order of keys, on the URL as it was given", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    await scene.open({ clientId: "c-1" });
    expect(scene.agent.urls).toEqual([streamUrl]);
    expect(scene.agent.opens).toHaveLength(1);
    const [open] = scene.agent.opens;
    expect(Object.keys(open!)).toEqual([
      "MessageSchemaVersion",
      "RequestId",
      "TokenValue",
      "ClientId",
      "ClientVersion",
    ]);
    expect(open).toMatchObject({
      MessageSchemaVersion: "1.0",
      TokenValue: "token-0",
      ClientId: "c-1",
      ClientVersion: "1.2.677.0",
    });
    expect(open!["RequestId"]).toMatch(uuid);
    expect(scene.statuses).toEqual(["connecting", "connected"]);
  });

  it("tries again when the first connects fail", async () => {
    const scene = setting();
    scene.network.refusals = 7;
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open();
    expect(scene.network.dials).toHaveLength(8);
    expect(session.status).toBe("connected");
  });

  it("gives up with the cause when nothing answers within the time", async () => {
    const scene = setting();
    scene.network.refusals = 1e9;
    await expect(scene.open()).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      providerId: "ssm",
      cause: { message: "connection refused" },
    });
    expect(scene.network.dials.length).toBeGreaterThan(8);
    expect(scene.statuses.at(-1)).toBe("failed");
    expect(scene.clock.armed).toBe(0);
  });

  it("fails at once when the gateway refuses the upgrade", async () => {
    const scene = setting();
    scene.network.refusals = 1;
    scene.network.refusalStatus = 403;
    await expect(scene.open()).rejects.toMatchObject({ code: "CREDENTIAL_REJECTED", status: 403 });
    expect(scene.network.dials).toHaveLength(1);
  });

  it("gives up when the agent never speaks", async () => {
    const scene = setting();
    scene.agent.acknowledgesInput = false;
    await expect(scene.open({ timings: { readyDeadlineMs: 20_000 } })).rejects.toMatchObject({
      code: "DEADLINE_EXCEEDED",
    });
    expect(scene.clock.now() - 1_700_000_000_000).toBe(20_000);
  });

  it("tells the service's words when it closes the session instead", async () => {
    const scene = setting();
    const opening = openDataChannel(scene.options);
    opening.catch(() => {});
    await scene.clock.advance(100);
    scene.agent.closeChannel("not allowed");
    await expect(scene.passing(opening)).rejects.toMatchObject({
      code: "PROVIDER_REJECTED",
      providerMessage: "not allowed",
    });
  });

  it("can be aborted", async () => {
    const scene = setting();
    const abort = new AbortController();
    const opening = openDataChannel({ ...scene.options, signal: abort.signal });
    opening.catch(() => {});
    await scene.clock.advance(100);
    abort.abort();
    await expect(opening).rejects.toMatchObject({ name: "AbortError" });
    await scene.clock.advance(10);
    expect(scene.network.isOpen).toBe(false);
    await expect(openDataChannel({ ...scene.options, signal: abort.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  it.each([
    ["windowFrames", 10_001],
    ["windowFrames", 0],
    ["maxPayloadBytes", 1.5],
  ])("refuses a limit that cannot work: %s %d", async (name, value) => {
    const scene = setting();
    await expect(openDataChannel({ ...scene.options, limits: { [name]: value } })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    expect(scene.network.dials).toEqual([]);
  });
});

describe("a lost connection", () => {
  it("comes back with a new token, the same URL and client id, and the counters as they were", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("one "));
    const session = await scene.open();
    const shell = session.shell();
    shell.write("a");
    await scene.clock.advance(100);
    scene.network.cut();
    shell.write("b");
    scene.agent.output(Buffer.from("two"));
    await scene.clock.advance(1000);
    expect(shell.read()?.toString()).toBe("one two");
    expect(scene.agent.typed.toString()).toBe("ab");
    expect(scene.agent.input.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
    expect(new Set(scene.agent.urls)).toEqual(new Set([streamUrl]));
    const [first, second] = scene.agent.opens;
    expect(second).toMatchObject({ TokenValue: "token-1", ClientId: first!["ClientId"] });
    expect(second!["RequestId"]).not.toBe(first!["RequestId"]);
    expect(scene.statuses).toEqual(["connecting", "connected", "disconnected", "connected"]);
    expect(session.counters.connections).toBe(2);
  });

  it("is resumed after a polite hourly close in the same way", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open();
    session.shell();
    for (let hour = 0; hour < 3; hour++) {
      await scene.clock.advance(3_600_000);
      scene.agent.hangUp();
      await scene.clock.advance(1000);
    }
    expect(session.counters.connections).toBe(4);
    expect(session.status).toBe("connected");
  });

  it("is tried again with growing, jittered delays through many failures, far more than six", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const atMs: number[] = [];
    let failures = 20;
    const session = await scene.open({
      resume: () => {
        atMs.push(scene.clock.now());
        return failures-- > 0 ? Promise.reject(new Error("service is down")) : Promise.resolve(scene.agent.resume());
      },
    });
    scene.network.cut();
    await scene.clock.runUntil(() => session.counters.connections === 2, { limitMs: 600_000 });
    expect(atMs).toHaveLength(21);
    const gaps = atMs.slice(1).map((value, index) => value - atMs[index]!);
    expect(gaps[0]).toBeGreaterThanOrEqual(200);
    expect(gaps[0]).toBeLessThan(400);
    for (const gap of gaps.slice(6)) {
      expect(gap).toBeGreaterThanOrEqual(5000);
      expect(gap).toBeLessThanOrEqual(9950);
    }
    expect(new Set(gaps).size).toBeGreaterThan(15);
  });

  it("fails the session clearly when the time for it is over", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open({ resume: () => Promise.reject(new Error("service is down")) });
    scene.network.cut();
    const end = await scene.passing(session.ended);
    expect(end).toMatchObject({
      reason: "failed",
      error: { code: "NETWORK_UNREACHABLE", outcome: "unknown", cause: { message: "service is down" } },
    });
    expect(scene.clock.now() - 1_700_000_000_000).toBeGreaterThan(600_000);
    expect(scene.clock.armed).toBe(0);
  });

  it("fails the session at once when no way to resume was given", async () => {
    const { resume: _resume, ...options } = setting().options;
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.passing(openDataChannel({ ...options, ...pick(scene) }));
    scene.network.cut();
    expect(await scene.passing(session.ended)).toMatchObject({
      reason: "failed",
      error: { code: "NETWORK_UNREACHABLE" },
    });
  });

  it("tells why each connection was lost or could not be had, and when the next attempt is", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const troubles: string[] = [];
    let refusals = 1;
    const session = await scene.open({
      resume: () => {
        if (refusals-- > 0) return Promise.reject(new Error("no token"));
        return Promise.resolve(scene.agent.resume());
      },
      onTrouble: ({ kind, attempt, retryInMs, error }) => {
        expect(retryInMs).toBeGreaterThan(0);
        troubles.push(`${kind} ${attempt}${error instanceof Error ? `: ${error.message}` : ""}`);
      },
    });
    session.shell().resume();
    scene.network.cut();
    await scene.clock.runUntil(() => session.counters.connections === 2);
    // What comes back proves the connection, so that attempts are counted anew.
    scene.agent.output(Buffer.from("$ "));
    await scene.clock.runUntil(() => session.counters.receivedFrames === 2);
    scene.network.answersPings = false;
    await scene.clock.runUntil(() => troubles.length === 3);
    expect(troubles).toEqual(["closed 1: connection reset", "token 2: no token", "silent 1"]);
  });

  it("ends the session when there is no token for it any more", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open({ resume: () => Promise.resolve(undefined) });
    scene.network.cut();
    expect(await scene.passing(session.ended)).toEqual({ reason: "gone", text: "The session has timed out." });
    expect(scene.statuses.at(-1)).toBe("terminated");
  });

  it("is not waited for when the request for a token hangs", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    let calls = 0;
    const aborted: boolean[] = [];
    const session = await scene.open({
      resume: (_id, signal) => {
        signal.addEventListener("abort", () => aborted.push(true));
        return calls++ === 0 ? new Promise(() => {}) : Promise.resolve(scene.agent.resume());
      },
    });
    scene.network.cut();
    await scene.clock.runUntil(() => session.counters.connections === 2, { limitMs: 120_000 });
    expect(session.counters.connections).toBe(2);
    expect(aborted).toEqual([true]);
  });

  it("is not dialled in a tight loop when each new one is closed at once", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open({ resume: () => Promise.resolve({ token: "refused" }) });
    scene.network.cut();
    await scene.clock.advance(60_000);
    expect(scene.network.dials.length).toBeLessThan(20);
    await scene.passing(session.close());
  });
});

function pick({ options }: ReturnType<typeof setting>): Pick<typeof options, "dial" | "clock" | "onStatus"> {
  const { dial, clock, onStatus } = options;
  return { ...(dial && { dial }), ...(clock && { clock }), ...(onStatus && { onStatus }) };
}

describe("liveness", () => {
  it("pings at once and every 30 s, and keeps a connection whose peer answers", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open();
    await scene.clock.advance(300_000);
    expect(scene.network.pings).toBe(11);
    expect(session.counters.connections).toBe(1);
  });

  it("drops a connection on which nothing comes back, and resumes", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open();
    scene.network.answersPings = false;
    await scene.clock.advance(46_000);
    scene.network.answersPings = true;
    await scene.clock.advance(1000);
    expect(session.counters.connections).toBe(2);
    expect(scene.statuses).toEqual(["connecting", "connected", "disconnected", "connected"]);
  });

  it("takes frames for a sign of life as well", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open();
    session.shell().resume();
    scene.network.answersPings = false;
    for (let second = 0; second < 120; second++) {
      scene.agent.output(Buffer.from("."));
      await scene.clock.advance(1000);
    }
    expect(session.counters.connections).toBe(1);
  });
});

describe("an agent that says nothing", () => {
  it("is shown a size, and counts as a plain shell once it has acknowledged it without asking for a handshake", async () => {
    const scene = setting();
    const session = await scene.open();
    expect(session.sessionType).toBe("Standard_Stream");
    session.shell({ sendsEndOfInput: false }).end("cat me");
    await scene.clock.advance(20);
    expect(scene.agent.input.map(({ payloadType }) => payloadType)).toEqual([3, 3, 1]);
  });

  it("that comes late and asks for a handshake then gets one, with no input lost before it", async () => {
    const scene = setting();
    scene.agent.acknowledgesInput = false;
    const opening = openDataChannel(scene.options);
    await scene.clock.advance(5000);
    scene.agent.acknowledgesInput = true;
    shakeHands(scene.agent, handshakeRequest("InteractiveCommands"));
    const session = await scene.passing(opening);
    expect(session.sessionType).toBe("InteractiveCommands");
    expect(scene.agent.input.map(({ payloadType, sequence }) => [payloadType, sequence])).toEqual([
      [3, 0],
      [6, 1],
    ]);
  });

  it("is not shown anything while the service pauses the session", async () => {
    const scene = setting();
    const opening = openDataChannel(scene.options);
    await scene.clock.advance(100);
    scene.agent.control("pause_publication");
    await scene.clock.advance(10_000);
    expect(scene.agent.inputCopies).toBe(0);
    scene.agent.control("start_publication");
    const session = await scene.passing(opening);
    expect(session.status).toBe("connected");
  });
});
