import assert from "node:assert/strict";
import type { AskState } from "@colloquy/core";
import { failsWith, numbersTo } from "./expect.js";
import { askRow, sessionsIn, startAtMs } from "./samples.js";
import type { StoreCase } from "./store-case.js";

const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(({ id }) => id);

const open: readonly AskState[] = ["queued", "asking", "pending"];

export const askCases: readonly StoreCase[] = [
  {
    title: "keeps a question whole, and leaves one alone whose id it has",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      const given = askRow("ses_1", "ask_1");
      const { seq, revision, ...kept } = await store.asks.add(given);
      assert.deepEqual(kept, given);
      assert.equal(revision, 1);
      const again = await store.asks.add(askRow("ses_2", "ask_1", { state: "pending" }));
      assert.deepEqual(again, { ...given, seq, revision });
      assert.deepEqual(await store.asks.get("ask_1"), again);
      assert.equal(await store.asks.get("ask_2"), undefined);
      await failsWith("SESSION_NOT_FOUND", () => store.asks.add(askRow("ses_gone", "ask_3")));
    },
  },
  {
    title: "lists questions in order of acceptance, by session, state and key, after a number and up to a limit",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      const rows = [];
      for (const number of numbersTo(6))
        rows.push(
          await store.asks.add(
            askRow(number % 2 === 0 ? "ses_2" : "ses_1", `ask_${number}`, {
              state: number > 4 ? "pending" : "queued",
              keys: [`chat ${number % 3}`, `own ${number}`],
            }),
          ),
        );
      assert.deepEqual(idsOf(await store.asks.list()), ["ask_1", "ask_2", "ask_3", "ask_4", "ask_5", "ask_6"]);
      assert.deepEqual(idsOf(await store.asks.list({ sessionId: "ses_2" })), ["ask_2", "ask_4", "ask_6"]);
      assert.deepEqual(idsOf(await store.asks.list({ states: ["pending"] })), ["ask_5", "ask_6"]);
      assert.deepEqual(idsOf(await store.asks.list({ key: "chat 1" })), ["ask_1", "ask_4"]);
      assert.deepEqual(idsOf(await store.asks.list({ key: "chat 1", sessionId: "ses_2" })), ["ask_4"]);
      const afterSeq = rows[2]?.seq ?? 0;
      assert.deepEqual(idsOf(await store.asks.list({ afterSeq, limit: 2 })), ["ask_4", "ask_5"]);
      assert.deepEqual(await store.asks.list({ key: "chat 9" }), []);
    },
  },
  {
    title: "lists what is open and due, across sessions",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      const due = (number: number): { readonly deadlineAtMs: number } => ({ deadlineAtMs: startAtMs + number });
      for (const number of numbersTo(4))
        await store.asks.add(askRow(number % 2 === 0 ? "ses_2" : "ses_1", `ask_${number}`, {}, due(number)));
      await store.asks.move("ask_1", ["queued"], { state: "expired" });
      await store.asks.move("ask_2", ["queued"], { state: "pending" });
      assert.deepEqual(idsOf(await store.asks.list({ dueAtMs: startAtMs + 3 })), ["ask_2", "ask_3"]);
      assert.deepEqual(idsOf(await store.asks.list({ dueAtMs: startAtMs + 3, states: ["pending"] })), ["ask_2"]);
      await store.asks.move("ask_1", ["expired"], { state: "pending" });
      assert.deepEqual(idsOf(await store.asks.list({ dueAtMs: startAtMs + 2 })), ["ask_1", "ask_2"]);
    },
  },
  {
    title: "moves a question from a named state at a named revision, and keeps what the move does not name",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const added = await store.asks.add(askRow("ses_1", "ask_1"));
      const receipt = { providerAskId: "p1" };
      const moved = await store.asks.move("ask_1", open, { state: "pending", receipt, keys: ["provider p1"] });
      assert.deepEqual(moved, { ...added, state: "pending", receipt, keys: ["provider p1"], revision: 2 });
      assert.equal(await store.asks.move("ask_1", ["queued"], { state: "expired" }), undefined);
      assert.equal(await store.asks.move("ask_1", open, { state: "expired" }, 1), undefined);
      assert.equal((await store.asks.move("ask_1", open, { reminderCount: 1 }, 2))?.revision, 3);
      assert.equal(await store.asks.move("ask_2", open, { state: "expired" }), undefined);
      assert.deepEqual(idsOf(await store.asks.list({ key: "provider p1" })), ["ask_1"]);
      assert.deepEqual(await store.asks.list({ key: "chat" }), [], "an old key finds nothing");
    },
  },
  {
    title: "lets the first of many answers win",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.asks.add(askRow("ses_1", "ask_1", { state: "pending" }));
      const moves = await Promise.all(
        numbersTo(20).map((number) =>
          store.asks.move("ask_1", open, { state: "answered", result: { atMs: startAtMs, answer: number } }),
        ),
      );
      const [winner, ...others] = moves.filter((row) => row !== undefined);
      assert.deepEqual(others, []);
      assert.deepEqual((await store.asks.get("ask_1"))?.result, winner?.result);
    },
  },
  {
    title: "delivers an answer to exactly one of many, and nothing that is no answer",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.asks.add(askRow("ses_1", "ask_1", { state: "pending" }));
      assert.equal(await store.asks.deliver("ask_1"), false);
      await store.asks.move("ask_1", open, { state: "answered", result: { atMs: startAtMs, answer: null } });
      const won = await Promise.all(numbersTo(20).map(() => store.asks.deliver("ask_1")));
      assert.equal(won.filter((isWon) => isWon).length, 1);
      const row = await store.asks.get("ask_1");
      assert.equal(row?.isDelivered, true);
      assert.deepEqual(row.result, { atMs: startAtMs, answer: null });
      assert.equal(await store.asks.move("ask_1", ["answered"], { state: "pending" }), undefined);
      assert.equal(await store.asks.deliver("ask_2"), false);
    },
  },
  {
    title: "removes with a session its questions, and of no other",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      for (const id of ["1", "2"]) await store.asks.add(askRow(`ses_${id}`, `ask_${id}`));
      await store.records.remove("ses_1");
      assert.equal(await store.asks.get("ask_1"), undefined);
      assert.deepEqual(idsOf(await store.asks.list({ key: "chat" })), ["ask_2"]);
      assert.deepEqual(idsOf(await store.asks.list({ states: open })), ["ask_2"]);
      assert.deepEqual(idsOf(await store.asks.list({ dueAtMs: Number.MAX_SAFE_INTEGER })), ["ask_2"]);
    },
  },
];
