import assert from "node:assert/strict";
import type { SharedBudgetCase } from "./shared-budget-case.js";

export const waitingCases: readonly SharedBudgetCase[] = [
  {
    title: "tells everybody not to come before the instant that a refusal of one of them named",
    async run({ holder }) {
      const [first, second] = [holder("first"), holder("second")];
      const { nowMs } = await first.ask(1);
      await first.ask(0, { notBeforeMs: nowMs + 700 });
      const answer = await second.ask(1);
      assert.equal(answer.notBeforeMs, nowMs + 700);
      for (const { dueAtMs } of answer.permits) assert.ok(dueAtMs >= nowMs + 700);
    },
  },
  {
    title: "keeps the later of two such instants",
    async run({ holder }) {
      const first = holder("first");
      const { nowMs } = await first.ask(1);
      await first.ask(0, { notBeforeMs: nowMs + 700 });
      assert.equal((await first.ask(0, { notBeforeMs: nowMs + 300 })).notBeforeMs, nowMs + 700);
    },
  },
  {
    title: "lets nobody begin before everybody could tell, when one of them sent without permits",
    async run({ holder }) {
      const [first, second] = [holder("first"), holder("second")];
      await first.ask(1);
      const { nowMs } = await first.ask(0, { actedAlone: true });
      const answer = await second.ask(2);
      assert.ok(answer.notBeforeMs >= nowMs + 750, `${answer.notBeforeMs - nowMs} ms`);
      for (const { dueAtMs } of answer.permits) assert.ok(dueAtMs >= nowMs + 750);
    },
  },
  {
    title: "does not wait longer when another one tells the same a little later",
    async run({ holder, elapse }) {
      const [first, second] = [holder("first"), holder("second")];
      await second.ask(0);
      const { notBeforeMs } = await first.ask(0, { actedAlone: true });
      await elapse(100);
      assert.equal((await second.ask(0, { actedAlone: true })).notBeforeMs, notBeforeMs);
    },
  },
  {
    title: "wants to be told by a holder that it does not know and that sent of late",
    async run({ holder }) {
      const first = holder("first");
      const answer = await first.ask(5, { sinceLastMs: 10 });
      assert.equal(answer.mustTell, true);
      assert.deepEqual(answer.permits, []);
      const told = await first.ask(5, { sinceLastMs: 10, counted: [answer.nowMs - 10, answer.nowMs - 10] });
      assert.equal(told.mustTell, false);
      await first.askAll(5);
      assert.equal(first.dueCount, 3, "two of the five are counted");
    },
  },
  {
    title: "asks nothing of a holder whose last request no window remembers",
    async run({ holder }) {
      const answer = await holder("first").ask(2, { sinceLastMs: 10_000 });
      assert.equal(answer.mustTell, false);
      assert.equal(answer.permits.length, 2);
      assert.ok(answer.notBeforeMs <= answer.nowMs);
    },
  },
  {
    title: "has another epoch after it forgot everything, and lets nobody begin before everybody could tell",
    needsForgetting: true,
    async run({ holder, forget }) {
      const first = holder("first");
      const before = await first.ask(2);
      await forget?.();
      const answer = await first.ask(2, { sinceLastMs: 50 });
      assert.notEqual(answer.epoch, before.epoch);
      assert.equal(answer.mustTell, true);
      assert.ok(answer.notBeforeMs >= answer.nowMs + 750, `${answer.notBeforeMs - answer.nowMs} ms`);
      const newcomer = await holder("newcomer").ask(2);
      for (const { dueAtMs } of newcomer.permits) assert.ok(dueAtMs >= answer.notBeforeMs);
    },
  },
  {
    title: "does not take permits of what it forgot for its own",
    needsForgetting: true,
    async run({ holder, forget }) {
      const [first, second] = [holder("first"), holder("second")];
      await first.ask(2);
      const remembered = { epoch: "forgotten", holds: [...first.holds] };
      await forget?.();
      await first.ask(2, remembered);
      // Its answer was lost: the holder still speaks of the permits of before, which have the same ids.
      await first.ask(0, remembered);
      await second.askAll(5);
      assert.equal(second.holds.length, 5);
    },
  },
];
