import { describe, expect, it } from "vitest";
import { referenceOperations, settle } from "../../../src/testing/index.js";
import { connectedSession, createStage } from "../stage.js";
import { lineError, lineStage } from "./line-stage.js";

const minute = 60_000;

describe("a session's line", () => {
  it("is made after the opening, and its surface is given once the session stands", async () => {
    const { stage, lines, created } = lineStage();
    const session = await created();
    const early = session.connection();
    expect(lines.attemptCount).toBe(0);
    await session.start();
    expect(await stage.pass(early)).toEqual({ number: 1, remoteId: session.remoteId });
    expect(session.has("connect")).toBe(true);
    expect(session.state).toBe("connected");
  });

  it("is refused for a provider that has none", async () => {
    const session = await createStage().colloquy().sessions.create("reference", {});
    expect(session.has("connect")).toBe(false);
    await expect(session.connection()).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  it("is made too when something else told that the session is online", async () => {
    const stage = createStage();
    const { lines } = lineStage();
    const provider = { ...stage.provider, facets: { ...stage.provider.facets, connect: lines.facet } };
    const session = await connectedSession(stage, stage.colloquy({ providers: [provider] as const }));
    expect(await stage.pass(session.connection())).toMatchObject({ remoteId: session.remoteId });
    expect(lines.attemptCount).toBe(1);
  });

  it("that cannot be made counts like a failed call: retried, or failed with the reason", async () => {
    const { stage, lines, created } = lineStage();
    const session = await created();
    lines.refuse(lineError("NETWORK_UNREACHABLE"), lineError("PROVIDER_UNAVAILABLE"));
    await session.start();
    await stage.pass(session.connection());
    expect(lines.attemptCount).toBe(3);
    lines.refuse(lineError("CONFIG_INVALID"));
    lines.open(session.remoteId as string).say("offline");
    await stage.pass(session.waitFor("failed"));
    await expect(session.connection()).rejects.toMatchObject({
      code: "STATE_UNREACHABLE",
      message: expect.stringContaining("failed (config_invalid)") as string,
    });
  });

  it("that is not made in time is given up, and closed when it comes up after all, before another is made", async () => {
    const { stage, lines, created } = lineStage();
    const session = await created();
    lines.hold();
    await session.start();
    await stage.clock.advance(minute + 1_000);
    expect(session.snapshot).toMatchObject({ state: "reconnecting", cause: { reason: "timeout" } });
    lines.release();
    await stage.pass(session.connection());
    expect(lines.made.map(({ closedFor, isOpen }) => ({ closedFor, isOpen }))).toEqual([
      { closedFor: "release", isOpen: false },
      { closedFor: undefined, isOpen: true },
    ]);
    expect(lines.mostAtOnce).toBe(1);
  });

  it("that was dropped is closed before another is opened", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    lines.open(session.remoteId as string).say("offline");
    await settle();
    expect(session.state).toBe("reconnecting");
    expect(await stage.pass(session.connection())).toMatchObject({ number: 2 });
    expect(lines.made[0]?.closedFor).toBe("release");
    expect(lines.mostAtOnce).toBe(1);
  });

  it("that mends a break by itself is left alone, and goes on under the later opening", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    const line = lines.open(session.remoteId as string);
    line.isMending = true;
    line.say("offline");
    await stage.clock.advance(10 * minute);
    expect(session.state).toBe("reconnecting");
    expect(lines.attemptCount).toBe(1);
    line.isMending = false;
    line.say("online");
    expect(await stage.pass(session.connection())).toMatchObject({ number: 1 });
    line.say("gone");
    await stage.pass(session.waitFor("terminated"));
  });

  it("that stops mending is opened anew", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    const line = lines.open(session.remoteId as string);
    line.isMending = true;
    line.say("offline");
    await stage.clock.advance(minute);
    line.isMending = false;
    expect(await stage.pass(session.connection())).toMatchObject({ number: 2 });
    expect(line.isOpen).toBe(false);
  });

  it("counts as deaf without a proof of life, and is not polled while it gives them", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    const line = lines.open(session.remoteId as string);
    const requests = stage.backend.requests.length;
    for (let beat = 0; beat < 60; beat++) {
      await stage.clock.advance(minute);
      line.say("online");
    }
    expect(session.state).toBe("connected");
    expect(stage.backend.requests.length).toBe(requests);
    await stage.clock.advance(2 * minute);
    expect(lines.attemptCount).toBeGreaterThan(1);
    expect(JSON.stringify(await stage.store.log.read(session.id))).toContain('"deaf"');
  });

  it("tells under its own opening: what comes after the session left is recorded and changes nothing", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    const line = lines.open(session.remoteId as string);
    line.say("paused");
    line.say("gone");
    await settle();
    expect(session.state).toBe("suspended");
    const log = await stage.store.log.read(session.id);
    expect(log.at(-1)).toMatchObject({ event: "remoteClosed", disposition: "recorded", reason: "stale_generation" });
  });
});

describe("a line is let go", () => {
  it("to suspend, and another is opened to resume", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    await session.suspend();
    await settle();
    expect(lines.made[0]?.closedFor).toBe("suspend");
    await expect(session.connection()).rejects.toMatchObject({ code: "STATE_UNREACHABLE" });
    await session.resume();
    expect(await stage.pass(session.connection())).toMatchObject({ number: 2 });
  });

  it("to terminate, heard until it is closed", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    const line = lines.open(session.remoteId as string);
    lines.holdClosing();
    const closing = session.close();
    await settle();
    expect(line.closedFor).toBe("terminate");
    expect(stage.countRequests(/^DELETE/)).toBe(0);
    line.say("gone");
    expect(await stage.pass(closing)).toBe("terminated");
    expect(session.snapshot.reason).toBe("closed");
  });

  it("to terminate, and then the provider is asked to end the session", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    expect(await stage.pass(session.close())).toBe("terminated");
    expect(lines.made[0]?.closedFor).toBe("terminate");
    expect(stage.countRequests(/^DELETE/)).toBe(1);
  });

  it("with the session's end, whoever ended it", async () => {
    const { lines, connected } = lineStage();
    const session = await connected();
    lines.open(session.remoteId as string).say("gone");
    await settle();
    expect(session.state).toBe("terminated");
    expect(lines.made[0]?.closedFor).toBe("release");
  });

  it("when the session leaves at the very moment at which it comes up", async () => {
    for (let reactions = 0; reactions < 30; reactions++) {
      const { stage, lines, created } = lineStage();
      const session = await created();
      const { connect } = lines.facet;
      const slowly: typeof connect = async (context, tools) => {
        const line = await connect(context, tools);
        for (let count = 0; count < reactions; count++) await Promise.resolve();
        return line;
      };
      Object.assign(lines.facet, { connect: slowly });
      const leaving = session.waitFor("connected").then(() => session.suspend());
      await session.start();
      await stage.pass(leaving);
      await settle();
      expect(lines.openCount()).toBe(0);
    }
  });

  it("when it cannot even be closed", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    lines.holdClosing();
    lines.open(session.remoteId as string).say("offline");
    await settle();
    expect(await stage.pass(session.connection())).toMatchObject({ number: 2 });
  });

  it("on shutdown, after which nothing is heard, kept or learned", async () => {
    const { stage, lines, provider, created } = lineStage();
    const colloquy = stage.colloquy({ providers: [provider] as const });
    const made = await created();
    const session = await colloquy.sessions.get(made.id);
    await session.start();
    await stage.pass(session.connection());
    const line = lines.open(session.remoteId as string);
    const log = await stage.store.log.read(session.id);
    await stage.pass(colloquy.shutdown({ graceMs: 0 }));
    expect(line.closedFor).toBe("release");
    expect(line.tools.signal.aborted).toBe(true);
    line.say("gone");
    await expect(line.tools.keep([])).rejects.toThrow("closed: release");
    await expect(line.tools.learn({ secrets: { session_key: "key_late" } })).rejects.toThrow("closed: release");
    await settle();
    await stage.store.open();
    expect(await stage.store.log.read(session.id)).toEqual(log);
    await expect(session.connection()).rejects.toMatchObject({ code: "SHUT_DOWN" });
  });

  it("when another process takes the session over, which opens its own", async () => {
    const { stage, lines, colloquy, connected } = lineStage();
    const session = await connected();
    const [other] = await colloquy().sessions.restore();
    await stage.pass(other?.connection() ?? Promise.reject(new Error("Nothing was restored.")));
    lines.made[0]?.say("online");
    await settle();
    expect(lines.made.map(({ closedFor, isOpen }) => closedFor ?? isOpen)).toEqual(["release", true]);
    await expect(session.connection()).rejects.toMatchObject({ code: "SESSION_TAKEN_OVER" });
  });
});

describe("a line is lent", () => {
  it("the session's secrets and the caller's credentials", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    const { tools } = lines.open(session.remoteId as string);
    expect(tools.secrets).toEqual({
      personal_access_token: stage.backend.personalAccessToken,
      ...(await stage.store.secrets.get(session.id)),
    });
    expect(tools.clock).toBe(stage.clock);
  });

  it("the inbox, the record, and calls in the session's name", async () => {
    const { stage, lines, connected } = lineStage();
    const session = await connected();
    const { tools } = lines.open(session.remoteId as string);
    await tools.keep([{ type: "provider", occurrenceId: "o-1", name: "made-up", body: { n: 1 } } as never]);
    const events = session.events({ types: ["provider"] });
    expect((await events.next()).value).toMatchObject({ type: "provider", occurrenceId: "o-1" });
    await tools.learn({ secrets: { line_token: "tok_next" }, settings: { resumed: true } });
    expect(await stage.store.secrets.get(session.id)).toMatchObject({ line_token: "tok_next" });
    expect((await stage.store.records.get(session.id))?.settings).toMatchObject({ resumed: true });
    const rotated = await stage.pass(tools.call(referenceOperations.sessions.rotateKey, {}));
    expect(await stage.store.secrets.get(session.id)).toMatchObject({ session_key: rotated.key });
    const cancelled = AbortSignal.abort(new Error("not wanted"));
    await expect(tools.call(referenceOperations.sessions.get, {}, { signal: cancelled })).rejects.toThrow("not wanted");
  });
});
