import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ask } from "../../../src/sessions/asks/ask.js";
import { connectedSession, createStage } from "../stage.js";

type Step = "answer" | "hear" | "cancel" | "reject" | "wait" | "restart" | "resume" | "crash" | number;

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<Step>("answer", "hear", "wait", "restart", "resume") },
    { weight: 1, arbitrary: fc.constantFrom<Step>("cancel", "reject", "crash") },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
  ),
  { minLength: 1, maxLength: 12 },
);

/** One question, whatever happens to it in this order. */
async function live(given: readonly Step[], losesReply: boolean): Promise<void> {
  const stage = createStage();
  let colloquy = stage.colloquy();
  const session = await connectedSession(stage, colloquy);
  if (losesReply) stage.backend.fail("lose_answer", { on: /^POST \/asks/ });
  const first = await session.ask({ text: "Which?", deadlineMs: 60_000 });
  const told: string[] = [];
  /** Processes that were given the answer; handles of one process share it. */
  const owners = new Set<unknown>();
  const watch = (ask: Ask, owner: unknown = colloquy): void => {
    ask.outcome.then(
      ({ state }) => {
        told.push(state);
        if (state === "answered") owners.add(owner);
      },
      (error: { code: string }) => told.push(error.code),
    );
  };
  let handle: Ask | undefined = first;
  for (const step of given) {
    if (typeof step === "number") await stage.clock.advance(step);
    else if (step === "wait" && handle) watch(handle);
    else if (step === "cancel") await handle?.cancel().catch(() => {});
    else if (step === "restart") {
      await colloquy.shutdown({ graceMs: 0 });
      await stage.store.open();
      colloquy = stage.colloquy();
      handle = undefined;
    } else if (step === "crash") {
      // The old one goes on in the background, as a process does that lost its session without knowing.
      colloquy = stage.colloquy();
      handle = undefined;
      await stage.pass(colloquy.sessions.restore());
    } else if (step === "resume") handle = await stage.pass(colloquy.asks.resume(first.id));
    else if (stage.backend.asks.all.length > 0) {
      if (step === "answer") stage.backend.asks.answer(first.id, `answer ${given.indexOf(step)}`);
      if (step === "reject") stage.backend.asks.end(first.id, "rejected");
      if (step === "hear") {
        const delivery = stage.backend.delivery(session.remoteId ?? "", "ask", { id: "q1" });
        await (await colloquy.sessions.get(session.id)).receive(delivery);
      }
    }
    await stage.clock.advance(0);
  }
  const others = [colloquy, stage.colloquy()];
  for (const other of others) watch(await stage.pass(other.asks.resume(first.id)), other);
  await stage.clock.advance(200_000);
  const row = await stage.store.asks.get(first.id);
  const ends = new Set(told.filter((state) => !["SHUT_DOWN", "ASK_DELIVERED"].includes(state)));
  expect([...ends].filter((end) => end !== row?.state)).toEqual([]);
  expect(ends.size, "exactly one outcome, and somebody hears it").toBe(1);
  if (row?.state === "answered") {
    expect(row.isDelivered).toBe(true);
    expect(owners.size, "processes that were given the answer").toBe(1);
    expect(row.result?.answer).toBe(stage.backend.asks.all[0]?.answer);
  } else expect(row?.isDelivered).toBe(false);
  expect(stage.backend.asks.all.length).toBeLessThanOrEqual(1);
  await colloquy.shutdown({ graceMs: 0 });
}

describe("any order of answers, expiry, cancels, restarts and crashes", () => {
  it("gives a question exactly one outcome and puts it at most once", { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), (given, losesReply) => live(given, losesReply)),
      { numRuns: 60 },
    );
  });
});
