import { describe, expect, it } from "vitest";
import { connectedSession, createStage } from "../stage.js";
import { changed, codeOf } from "./asking.js";

describe("another process", () => {
  it("gets an answer that was given while nobody ran, and only one of them gets it", async () => {
    const stage = createStage();
    const first = stage.colloquy();
    const session = await connectedSession(stage, first);
    const ask = await session.ask("Who gets it?");
    await stage.until(() => stage.backend.asks.all.length === 1);
    await stage.clock.advance(100);
    await first.shutdown({ graceMs: 0 });
    await stage.store.open();
    expect(await codeOf(ask.answer)).toBe("SHUT_DOWN");
    stage.backend.asks.answer(ask.id, "the first");
    const waiting = await Promise.all([1, 2, 3].map(() => stage.colloquy().asks.resume(ask.id)));
    const ends = await stage.pass(Promise.all(waiting.map(({ answer }) => codeOf(answer))));
    expect(ends.map(String).toSorted((a, b) => a.localeCompare(b))).toEqual(["ASK_DELIVERED", "ASK_DELIVERED", "none"]);
    expect(await codeOf((await stage.colloquy().asks.resume(ask.id)).answer)).toBe("ASK_DELIVERED");
    const [row] = await stage.colloquy().asks.list({ sessionId: session.id });
    expect(row).toMatchObject({ state: "answered", isDelivered: true, result: { answer: "the first" } });
    expect(await codeOf(stage.colloquy().asks.resume("ask_unknown"))).toBe("ASK_NOT_FOUND");
  });

  it("finds out what became of a question that was on its way when its process ended", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.wire.hold(/^POST \/asks/);
    const ask = await session.ask("On its way?");
    await stage.until(() => stage.backend.asks.all.length === 1);
    // The first process is never heard of again.
    const [taken] = await stage.pass(stage.colloquy().sessions.restore());
    stage.backend.asks.answer(ask.id, "yes");
    const later = await stage.colloquy().asks.resume(ask.id);
    expect(await stage.pass(later.answer)).toBe("yes");
    expect(taken?.id).toBe(session.id);
    expect(stage.countRequests(/^POST \/asks$/)).toBe(1);
  });

  it("puts what was queued, in order", async () => {
    const stage = createStage();
    const one = changed(stage, (facet) => ({ ...facet, maxPending: 1 }));
    const session = await connectedSession(stage, stage.colloquy({ providers: [one] }));
    for (const id of ["a", "b", "c"]) await session.ask({ text: id, id });
    await stage.until(() => stage.backend.asks.all.length === 1);
    const later = stage.colloquy({ providers: [one] });
    await stage.pass(later.sessions.restore());
    for (const id of ["a", "b", "c"]) {
      await stage.clock.runUntil(() => stage.backend.asks.all.some(({ askId }) => askId === id));
      expect(stage.backend.asks.all.filter(({ state }) => state === "pending").map(({ askId }) => askId)).toEqual([id]);
      stage.backend.asks.answer(id, id);
      expect(await stage.pass((await later.asks.resume(id)).answer)).toBe(id);
    }
  });

  it("lets what came due meanwhile expire, also of a session at rest", async () => {
    const stage = createStage();
    const first = stage.colloquy();
    const session = await connectedSession(stage, first);
    const ask = await session.ask({ text: "Soon?", deadlineMs: 10_000 });
    await stage.until(() => stage.backend.asks.all.length === 1);
    stage.backend.phone.unlink(session.remoteId ?? "");
    await stage.clock.runUntil(() => session.state === "unlinked", { limitMs: 9_000 });
    await first.shutdown({ graceMs: 0 });
    await stage.clock.advance(60_000);
    const later = stage.colloquy();
    await stage.pass(later.sessions.restore());
    await stage.clock.advance(1_000);
    expect((await stage.store.asks.get(ask.id))?.state).toBe("expired");
  });
});
