import assert from "node:assert/strict";
import { fiveIn400, type SharedBudgetCase } from "./shared-budget-case.js";

export const grantingCases: readonly SharedBudgetCase[] = [
  {
    title: "gives no more permits than the limit, to all holders together",
    async run({ holder }) {
      const [first, second] = [holder("first"), holder("second")];
      for (let round = 0; round < 6; round++) {
        await first.ask(9);
        await second.ask(9);
      }
      assert.equal(first.holds.length + second.holds.length, 5);
    },
  },
  {
    title: "gives each permit once, with an id of its own",
    async run({ holder }) {
      const [first, second] = [holder("first"), holder("second")];
      await first.ask(2);
      await second.ask(2);
      await first.ask(1);
      assert.equal(new Set([...first.holds, ...second.holds]).size, first.holds.length + second.holds.length);
    },
  },
  {
    title: "gives no more than was wanted",
    async run({ holder }) {
      const first = holder("first");
      assert.equal((await first.ask(1)).permits.length, 1);
      assert.equal((await first.ask(0)).permits.length, 0);
    },
  },
  {
    title: "leaves something for whoever comes next, however much the first one wants",
    async run({ holder }) {
      await holder("greedy").ask(1_000);
      assert.ok((await holder("next").ask(1)).permits.length === 1);
    },
  },
  {
    title: "gives holders that want the same the same, over several windows",
    async run({ holder, elapse }) {
      const holders = [holder("first"), holder("second")];
      const used = [0, 0];
      for (let step = 0; step < 42; step++) {
        for (const [place, one] of holders.entries()) {
          await one.ask(20);
          const { dueCount } = one;
          // In the first window they have not met yet.
          if (step > 10) used[place] = (used[place] as number) + dueCount;
          await one.use(dueCount, 20);
        }
        await elapse(50);
      }
      const [first, second] = used as [number, number];
      assert.ok(first + second >= 10, `${first} and ${second} of at least 10`);
      assert.ok(Math.abs(first - second) <= 3, `${first} and ${second}`);
    },
  },
  {
    title: "says when to ask again to whoever did not get all",
    async run({ holder }) {
      const first = holder("first");
      const answers = await first.askAll(9);
      const last = answers.at(-1);
      assert.ok(last && last.askInMs > 0 && last.askInMs <= 1_000, `${last?.askInMs}`);
    },
  },
  {
    title: "keeps all rules of a call at once",
    async run({ holder }) {
      const first = holder("first", { rules: [...fiveIn400, { limit: 2, windowMs: 5_000 }] });
      await first.askAll(9);
      assert.equal(first.holds.length, 2);
    },
  },
  {
    title: "keeps allowances of different keys apart",
    async run({ holder }) {
      await holder("first").askAll(9);
      assert.ok((await holder("first", { key: "another {shop}" }).ask(2)).permits.length === 2);
    },
  },
  {
    title: "counts the holders that it saw",
    async run({ holder }) {
      assert.equal((await holder("first").ask(1)).holderCount, 1);
      assert.equal((await holder("second").ask(0)).holderCount, 2);
    },
  },
];
