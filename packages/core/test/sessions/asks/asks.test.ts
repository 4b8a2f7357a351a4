import { describe, expect, it } from "vitest";
import type { AskOutcome } from "../../../src/sessions/asks/ask.js";
import { connectedSession, createStage } from "../stage.js";
import { changed, codeOf, noProgress, told } from "./asking.js";

describe("a question", () => {
  it("is put once, and its answer comes by looking, or at once when an event names it", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const events = told(session);
    const slow = await session.ask("Which colour?");
    const quick = await session.ask({ text: "Which size?", id: "ask_own" });
    await stage.until(() => stage.backend.asks.all.length === 2);
    const [first, second] = stage.backend.asks.all;
    stage.backend.asks.answer(first?.id ?? "", "red");
    stage.backend.asks.answer(second?.id ?? "", { size: 42 });
    const before = stage.clock.now();
    await session.receive(stage.backend.delivery(session.remoteId ?? "", "ask", { id: second?.id ?? "" }));
    expect(await quick.answer).toEqual({ size: 42 });
    expect(stage.clock.now()).toBe(before);
    expect(await stage.pass(slow.answer)).toBe("red");
    expect(await slow.outcome).toMatchObject({ state: "answered", answer: "red" });
    expect(await slow.state()).toBe("answered");
    expect(stage.countRequests(/^POST \/asks$/)).toBe(2);
    expect(events.map((event) => "state" in event && event.state)).toEqual([
      ...["asking", "asking", "pending", "pending", "answered", "answered"],
    ]);
  });

  it("is the same question under the same id, and another session's id is refused", async () => {
    const stage = createStage();
    const colloquy = stage.colloquy();
    const session = await connectedSession(stage, colloquy);
    const other = await connectedSession(stage, colloquy);
    const asks = await Promise.all([1, 2].map(() => session.ask({ text: "Ready?", id: "ask_one" })));
    await stage.until(() => stage.backend.asks.all.length === 1);
    stage.backend.asks.answer("ask_one", true);
    expect(await stage.pass(Promise.all(asks.map(({ answer }) => answer)))).toEqual([true, true]);
    expect(stage.countRequests(/^POST \/asks$/)).toBe(1);
    expect(await codeOf(other.ask({ text: "Ready?", id: "ask_one" }))).toBe("INPUT_INVALID");
  });

  it.each([
    [{ text: " " }, "INPUT_INVALID"],
    [{ text: "?", deadlineMs: 0 }, "INPUT_INVALID"],
    [{ text: "?", deadlineAtMs: 5 }, "INPUT_INVALID"],
    [{ text: "?", to: "nobody" }, "INPUT_INVALID"],
    [{ text: "?", reminders: 0.5 }, "INPUT_INVALID"],
    [{ text: "?", escalate: { to: "nobody", afterMs: 5 } }, "INPUT_INVALID"],
    [{ text: "?", escalate: { to: "+15550103", afterMs: 0 } }, "INPUT_INVALID"],
    [{ text: "?", id: "" }, "INPUT_INVALID"],
    [{ text: "?", via: { id: "ses_gone" }, to: "+15550101" }, "SESSION_NOT_FOUND"],
  ])("is refused with nothing stored or sent: %j", async (options, code) => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    expect(await codeOf(session.ask(options))).toBe(code);
    expect(await stage.store.asks.list()).toEqual([]);
    expect(stage.countRequests(/asks/)).toBe(0);
  });

  it("ends in four different ways without an answer, and in a fifth when only the waiting ends", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const [expired, rejected, failed, cancelled, late] = await Promise.all(
      ["a", "b", "c", "d", "e"].map((id) => session.ask({ text: id, id, deadlineMs: id === "a" ? 60_000 : 600_000 })),
    );
    await stage.until(() => stage.backend.asks.all.length === 5);
    stage.backend.asks.end("b", "rejected");
    stage.backend.asks.end("c", "failed");
    expect(await cancelled?.cancel()).toBe(true);
    expect(await cancelled?.cancel()).toBe(false);
    const codes = [
      late?.wait({ timeoutMs: 5_000 }),
      ...[expired, rejected, failed, cancelled].map((ask) => ask?.answer),
    ];
    expect(await stage.pass(Promise.all(codes.map((work) => codeOf(work as Promise<unknown>))))).toEqual([
      ...["WAIT_TIMEOUT", "ASK_EXPIRED", "ASK_REJECTED", "ASK_FAILED", "ASK_CANCELLED"],
    ]);
    expect(await late?.state()).toBe("pending");
    // The provider heard of what is no longer wanted.
    await stage.until(() => stage.countRequests(/^DELETE \/asks/) === 2);
    const outcomes = await Promise.all([expired, rejected, failed, cancelled].map(async (ask) => ask?.outcome));
    expect(outcomes.map((outcome) => outcome?.state)).toEqual(["expired", "rejected", "failed", "cancelled"]);
  });

  it("whose call is refused fails with the error of that call", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.backend.fail("refuse", { on: /^POST \/asks/ });
    const ask = await session.ask("May I?");
    expect(await codeOf(stage.pass(ask.answer))).toBe("INPUT_INVALID");
    expect(await ask.outcome).toMatchObject({ state: "failed", error: { code: "INPUT_INVALID" } });
  });

  it("that the session cannot put now is put when it is open again", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.backend.phone.drop(session.remoteId ?? "");
    const ask = await session.ask("Still there?");
    await stage.clock.advance(1_000);
    stage.backend.phone.restore(session.remoteId ?? "");
    await stage.clock.runUntil(() => stage.backend.asks.all.length === 1);
    stage.backend.asks.answer(ask.id, "yes");
    expect(await stage.pass(ask.answer)).toBe("yes");
  });

  it("counts as expired when it could not be put before its deadline", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.backend.phone.drop(session.remoteId ?? "");
    const ask = await session.ask({ text: "Still there?", deadlineMs: 4_000 });
    expect(await codeOf(stage.pass(ask.answer))).toBe("ASK_EXPIRED");
    expect(stage.backend.asks.all).toEqual([]);
  });

  it("ends with a session that is gone, and says so", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy({ providers: [changed(stage, noProgress)] }));
    const ask = await session.ask("May I?");
    await stage.until(() => stage.backend.asks.all.length === 1);
    await stage.pass(session.close());
    const outcome = (await stage.pass(ask.outcome)) as AskOutcome;
    expect(outcome).toMatchObject({ state: "failed", reason: expect.stringContaining("terminated") });
  });

  it("tells that it still waits for its exchange every ten seconds", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const events = told(session);
    stage.wire.hold(/^POST \/asks/);
    const ask = await session.ask("Long?");
    await stage.clock.advance(25_000);
    const waited = events.flatMap((event) => (event.type === "ask.waiting" ? [event.waitedMs] : []));
    expect(waited).toEqual([10_000, 20_000]);
    stage.wire.release();
    stage.backend.asks.answer(ask.id, "yes");
    expect(await stage.pass(ask.answer)).toBe("yes");
  });
});
