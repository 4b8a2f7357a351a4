import assert from "node:assert/strict";
import type { SharedBudgetCase } from "./shared-budget-case.js";

export const settlingCases: readonly SharedBudgetCase[] = [
  {
    title: "gives what was counted again a window later, and not before",
    async run({ holder }) {
      const first = holder("first");
      await first.askAll(5);
      const countedAtMs = first.answer?.nowMs ?? 0;
      await first.use(5, 0, countedAtMs);
      const [answer] = await first.askAll(5);
      assert.ok(answer && answer.permits.length > 0, "permits are given ahead of when they are due");
      for (const { dueAtMs } of answer.permits) {
        assert.ok(dueAtMs >= countedAtMs + 400, `due ${dueAtMs - countedAtMs} ms after`);
        assert.ok(dueAtMs <= answer.nowMs + 410, `due ${dueAtMs - answer.nowMs} ms ahead`);
      }
    },
  },
  {
    title: "counts a window from the instant that it was told",
    async run({ holder, elapse }) {
      const first = holder("first");
      await first.askAll(5);
      const countedAtMs = first.answer?.nowMs ?? 0;
      await elapse(100);
      await first.use(5, 0, countedAtMs);
      const [answer] = await first.askAll(1);
      const dueInMs = (answer?.permits[0]?.dueAtMs ?? 0) - countedAtMs;
      assert.ok(dueInMs >= 400 && dueInMs <= 403, `due ${dueInMs} ms after it was counted`);
    },
  },
  {
    title: "takes an instant of the future for now",
    async run({ holder }) {
      const first = holder("first");
      await first.askAll(5);
      await first.use(5, 0, (first.answer?.nowMs ?? 0) + 3_600_000);
      const [answer] = await first.askAll(1);
      assert.equal(answer?.permits.length, 1);
    },
  },
  {
    title: "takes back what its holder does not name any more",
    async run({ holder }) {
      const first = holder("first");
      await first.askAll(5);
      first.letGo();
      await first.ask(0);
      const second = holder("second");
      await second.askAll(5);
      assert.equal(second.holds.length, 5);
      assert.ok(second.dueCount > 0, "what was never used is due at once");
    },
  },
  {
    title: "keeps what is named, however long the request takes",
    async run({ holder, elapse }) {
      const first = holder("first");
      await first.askAll(5);
      for (let step = 0; step < 4; step++) {
        await elapse(700);
        await first.ask(0);
      }
      assert.equal((await holder("second").ask(5)).permits.length, 0);
    },
  },
  {
    title: "counts the permits of a holder that was not heard of any more as used, and then gives them again",
    async run({ holder, elapse }) {
      await holder("dead").askAll(5);
      const survivor = holder("survivor");
      await elapse(1_500);
      assert.equal((await survivor.ask(5)).permits.length, 0, "it may only be slow");
      await elapse(700);
      const [answer] = await survivor.askAll(5);
      assert.equal(survivor.holds.length, 5);
      for (const { dueAtMs } of answer?.permits ?? [])
        assert.ok(dueAtMs > (answer?.nowMs ?? 0), "it may have used them at the last moment");
    },
  },
  {
    title: "does nothing for a call that comes after its successor",
    async run({ holder }) {
      const first = holder("first");
      await first.ask(1);
      await first.ask(1);
      const late = await first.ask(3, { turn: 1, holds: [] });
      assert.deepEqual(late.permits, []);
      await first.ask(0);
      const second = holder("second");
      await second.askAll(9);
      assert.equal(second.holds.length, 3);
    },
  },
  {
    title: "lets a permit fall due earlier by what the quickest of the holders' lines makes sure",
    async run({ holder }) {
      const [near, far] = [holder("near"), holder("far")];
      await far.askAll(5);
      const countedAtMs = far.answer?.nowMs ?? 0;
      await far.use(5, 0, countedAtMs);
      const alone = await far.ask(1, { sureMs: 50 });
      const aloneInMs = (alone.permits[0]?.dueAtMs ?? 0) - countedAtMs;
      assert.ok(aloneInMs >= 350 && aloneInMs <= 353, `due ${aloneInMs} ms after it was counted`);
      await near.ask(0, { sureMs: 2 });
      const beside = await far.ask(1, { sureMs: 50 });
      const besideInMs = (beside.permits[0]?.dueAtMs ?? 0) - countedAtMs;
      assert.ok(besideInMs >= 398 && besideInMs <= 401, `due ${besideInMs} ms after it was counted`);
    },
  },
  {
    title: "forgets what was counted before the end of a window that is known to end then",
    async run({ holder, elapse }) {
      const first = holder("first");
      await first.askAll(5);
      const countedAtMs = first.answer?.nowMs ?? 0;
      await elapse(100);
      const atMs = countedAtMs + 300;
      await first.use(5, 0, countedAtMs);
      const answer = await first.ask(1, { end: { windowMs: 400, atMs } });
      // Counted 400 ms ago it would be due later; the end frees it only when that is near.
      assert.ok(
        (answer.permits[0]?.dueAtMs ?? 0) === atMs,
        `due ${(answer.permits[0]?.dueAtMs ?? 0) - atMs} ms beside`,
      );
    },
  },
];
