import { describe, expect, it } from "vitest";
import { settle } from "../../src/testing/index.js";
import { connectedSession, createStage } from "./stage.js";

async function created() {
  const stage = createStage();
  const colloquy = stage.colloquy();
  return { stage, colloquy, session: await colloquy.sessions.create("reference", { account: "+15550100" }) };
}

describe("waiting for a state", () => {
  it("resolves at once with the state it is in", async () => {
    const { session } = await created();
    expect(await session.waitFor(["connected", "created"])).toBe("created");
  });

  it("resolves with the first wanted state that comes", async () => {
    const { stage, session } = await created();
    await session.start();
    expect(await stage.pass(session.waitFor(["connected", "unlinked"]))).toBe("unlinked");
    expect(session.snapshot.reason).toBe("provider_requires_pairing");
  });

  it("rejects at once when no wanted state can be reached any more", async () => {
    const { stage, session } = await created();
    await session.start();
    await stage.pass(session.waitFor("unlinked"));
    const before = stage.clock.now();
    await expect(session.waitFor("connected")).rejects.toMatchObject({
      code: "STATE_UNREACHABLE",
      sessionId: session.id,
    });
    expect(stage.clock.now()).toBe(before);
  });

  it("rejects as soon as the way is lost, with the reason's own code", async () => {
    const { session } = await created();
    const pairing = session.pair();
    const [first] = await Promise.all([pairing[Symbol.asyncIterator]().next(), settle()]);
    const waiting = expect(session.waitFor("connected")).rejects.toMatchObject({ code: "PAIRING_CANCELLED" });
    await settle();
    await (first.value as { cancel(): Promise<void> }).cancel();
    await waiting;
  });

  it("rejects after the time given, and leaves the session alone", async () => {
    const { stage, session } = await created();
    stage.wire.hold(/connect$/);
    await session.start();
    await expect(stage.pass(session.waitFor("connected", { timeoutMs: 5_000 }))).rejects.toMatchObject({
      code: "WAIT_TIMEOUT",
    });
    expect(session.state).toBe("connecting");
  });

  it("rejects with the signal's reason when aborted, before and during", async () => {
    const { stage, session } = await created();
    stage.wire.hold(/connect$/);
    await session.start();
    await expect(session.waitFor("connected", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
    const abort = new AbortController();
    const waiting = session.waitFor("connected", { signal: abort.signal });
    await settle();
    abort.abort(new Error("no longer wanted"));
    await expect(waiting).rejects.toThrow("no longer wanted");
  });

  it("rejects when the session is let go", async () => {
    const { stage, colloquy, session } = await created();
    stage.wire.hold(/connect$/);
    await session.start();
    const waiting = expect(session.waitFor("connected")).rejects.toMatchObject({ code: "SHUT_DOWN" });
    await settle();
    await stage.pass(colloquy.shutdown());
    await waiting;
  });

  it("leaves no timer and no listener behind", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const before = stage.clock.armed;
    const abort = new AbortController();
    const waiting = session.waitFor("unlinked", { timeoutMs: 60_000, signal: abort.signal });
    await settle();
    expect(stage.clock.armed).toBe(before + 1);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    expect(stage.clock.armed).toBe(before);
  });
});
