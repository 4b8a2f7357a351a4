import assert from "node:assert/strict";
import type { SessionRecord } from "@colloquy/core";
import { failsWith, numbersTo, outcomesOf } from "./expect.js";
import { logEntry, newRecord, startAtMs } from "./samples.js";
import type { StoreCase } from "./store-case.js";

export const recordCases: readonly StoreCase[] = [
  {
    title: "creates a record with revision 1 and gives it back whole",
    async run({ store }) {
      const created = await store.records.create(newRecord("ses_1"), []);
      assert.deepEqual(created, { ...newRecord("ses_1"), revision: 1 });
      assert.deepEqual(await store.records.get("ses_1"), created);
    },
  },
  {
    title: "keeps a record without its optional fields",
    async run({ store }) {
      const { remoteId: _remoteId, name: _name, ...bare } = newRecord("ses_1");
      await store.records.create(bare, []);
      assert.deepEqual(await store.records.get("ses_1"), { ...bare, revision: 1 });
    },
  },
  {
    title: "gives nothing for a session that it does not hold",
    async run({ store }) {
      assert.equal(await store.records.get("ses_1"), undefined);
    },
  },
  {
    title: "refuses to create an id twice, and keeps the first",
    async run({ store }) {
      await store.records.create(newRecord("ses_1", { name: "First" }), [logEntry("ses_1", "first")]);
      await failsWith("STORE_CONFLICT", () =>
        store.records.create(newRecord("ses_1", { name: "Second" }), [logEntry("ses_1", "second")]),
      );
      assert.equal((await store.records.get("ses_1"))?.name, "First");
      assert.deepEqual(
        (await store.log.read("ses_1")).map(({ event }) => event),
        ["first"],
      );
    },
  },
  {
    title: "lets exactly one of many concurrent creations of an id win",
    async run({ store }) {
      const outcomes = await outcomesOf(
        numbersTo(10).map((number) => store.records.create(newRecord("ses_1", { name: `${number}` }), [])),
      );
      const winners = outcomes.filter((outcome) => typeof outcome !== "string");
      assert.equal(winners.length, 1);
      assert.deepEqual(
        outcomes.filter((outcome) => typeof outcome === "string"),
        Array(9).fill("STORE_CONFLICT"),
      );
      assert.deepEqual(await store.records.get("ses_1"), winners[0]);
    },
  },
  {
    title: "replaces a record that is saved with the revision it has, and counts the revision up",
    async run({ store }) {
      const created = await store.records.create(newRecord("ses_1"), []);
      const { remoteId: _gone, ...rest } = created;
      const changed: SessionRecord = { ...rest, name: "Other", epoch: 2, updatedAtMs: startAtMs + 5, settings: {} };
      const saved = await store.records.save(changed, []);
      assert.deepEqual(saved, { ...changed, revision: 2 });
      assert.deepEqual(await store.records.get("ses_1"), saved);
      assert.equal((await store.records.save(saved, [])).revision, 3);
    },
  },
  {
    title: "refuses a save with an old revision, and keeps neither the record nor the log of it",
    async run({ store }) {
      const created = await store.records.create(newRecord("ses_1"), [logEntry("ses_1", "create")]);
      const saved = await store.records.save({ ...created, name: "First" }, [logEntry("ses_1", "first")]);
      await failsWith("STORE_CONFLICT", () =>
        store.records.save({ ...created, name: "Late" }, [logEntry("ses_1", "late")]),
      );
      assert.deepEqual(await store.records.get("ses_1"), saved);
      assert.deepEqual(
        (await store.log.read("ses_1")).map(({ event }) => event),
        ["create", "first"],
      );
    },
  },
  {
    title: "refuses a save with a revision that is yet to come",
    async run({ store }) {
      const created = await store.records.create(newRecord("ses_1"), []);
      await failsWith("STORE_CONFLICT", () => store.records.save({ ...created, revision: 2 }, []));
      assert.deepEqual(await store.records.get("ses_1"), created);
    },
  },
  {
    title: "lets exactly one of many concurrent saves of a revision win, with its log entries and no others",
    async run({ store }) {
      const created = await store.records.create(newRecord("ses_1"), []);
      const outcomes = await outcomesOf(
        numbersTo(20).map((number) =>
          store.records.save({ ...created, name: `${number}` }, [
            logEntry("ses_1", `${number}a`),
            logEntry("ses_1", `${number}b`),
          ]),
        ),
      );
      const winners = outcomes.filter((outcome) => typeof outcome !== "string");
      assert.equal(winners.length, 1);
      const stored = await store.records.get("ses_1");
      assert.deepEqual(stored, winners[0]);
      assert.deepEqual(
        (await store.log.read("ses_1")).map(({ event }) => event),
        [`${stored?.name}a`, `${stored?.name}b`],
      );
    },
  },
  {
    title: "loses no update when every writer that meets a conflict reads again",
    async run({ store }) {
      await store.records.create(newRecord("ses_1", { settings: {} }), []);
      const add = async (key: string): Promise<void> => {
        for (;;) {
          const record = (await store.records.get("ses_1")) as SessionRecord;
          const [outcome] = await outcomesOf([
            store.records.save({ ...record, settings: { ...record.settings, [key]: true } }, []),
          ]);
          if (outcome !== "STORE_CONFLICT") return;
        }
      };
      await Promise.all(numbersTo(20).map((number) => add(`key${number}`)));
      const stored = await store.records.get("ses_1");
      assert.equal(Object.keys(stored?.settings ?? {}).length, 20);
      assert.equal(stored?.revision, 21);
    },
  },
  {
    title: "refuses to save a session that it does not hold",
    async run({ store }) {
      await failsWith("SESSION_NOT_FOUND", () =>
        store.records.save({ ...newRecord("ses_1"), revision: 1 }, [logEntry("ses_1")]),
      );
      assert.equal(await store.records.get("ses_1"), undefined);
    },
  },
];
