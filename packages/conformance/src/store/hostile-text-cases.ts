import assert from "node:assert/strict";
import type { JsonValue } from "@colloquy/core/contract";
import { inboxRow, newRecord, outboxRow, sessionsIn } from "./samples.js";
import type { StoreCase } from "./store-case.js";

/** Each is another text, and each is easily taken for another one: by quoting, trimming, folding, cutting or normalising. */
const hostileTexts: readonly string[] = [
  "a",
  "A",
  "a ",
  " a",
  "á",
  "a\u0301",
  "a\0",
  "a\0b",
  "\0",
  "\u0001",
  '\u0001"a"',
  "\ud800",
  "\ud801",
  "\ufffd",
  "👩‍👩‍👧",
  "‮abc",
  "ａ",
  "'",
  '"',
  "`",
  "''; DROP TABLE sessions; --",
  "%",
  "_",
  "*",
  ">",
  ".",
  "..",
  "../../etc/passwd",
  "a/b",
  "a.b",
  "a:b",
  "a b",
  "\n",
  "\r\n",
  "\t",
  "\\",
  "\\0",
  "null",
  "undefined",
  "0",
  "-1",
  "true",
  "{}",
  "[]",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
];

export const hostileTextCases: readonly StoreCase[] = [
  {
    title: "keeps message ids apart, whatever characters they are made of",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const rows = await store.outbox.add(hostileTexts.map((id) => outboxRow("ses_1", id)));
      assert.deepEqual(
        rows.map(({ id }) => id),
        hostileTexts,
      );
      assert.deepEqual(
        (await store.outbox.list("ses_1")).map(({ id }) => id),
        hostileTexts,
      );
      for (const id of hostileTexts)
        assert.equal((await store.outbox.move("ses_1", id, ["queued"], { state: "sending" }))?.id, id);
      for (const id of hostileTexts) assert.equal((await store.outbox.get("ses_1", id))?.id, id);
    },
  },
  {
    title: "keeps occurrence ids apart, whatever characters they are made of",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const rows = await store.inbox.add(hostileTexts.map((id) => inboxRow("ses_1", id)));
      assert.deepEqual(
        rows.map(({ occurrenceId }) => occurrenceId),
        hostileTexts,
      );
      assert.deepEqual(await store.inbox.add(hostileTexts.map((id) => inboxRow("ses_1", id))), []);
      await store.inbox.settle("ses_1", hostileTexts.slice(1));
      assert.deepEqual(
        (await store.inbox.pending("ses_1")).map(({ occurrenceId }) => occurrenceId),
        hostileTexts.slice(0, 1),
      );
    },
  },
  {
    title: "keeps names and values of secrets to the letter",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const secrets = Object.fromEntries(hostileTexts.map((text) => [text, text]));
      await store.secrets.put("ses_1", secrets);
      const kept = await store.secrets.get("ses_1");
      assert.deepEqual(Object.keys(kept).toSorted(), hostileTexts.toSorted());
      for (const text of hostileTexts) assert.equal(kept[text], text);
    },
  },
  {
    title: "keeps texts inside records, messages and events to the letter",
    async run({ store }) {
      // From JSON, because in a literal this name would set the prototype.
      const settings = JSON.parse('{"__proto__": {"isAdmin": true}}') as Record<string, JsonValue>;
      for (const text of hostileTexts) if (text !== "__proto__") settings[text] = { [`${text}.`]: text };
      const record = newRecord("ses_1", { name: hostileTexts.join(" "), remoteId: "a\0b", settings });
      await store.records.create(record, []);
      const kept = await store.records.get("ses_1");
      assert.deepEqual(kept, { ...record, revision: 1 });
      assert.deepEqual(Object.keys(kept?.settings ?? {}), Object.keys(settings));
      assert.equal("isAdmin" in {}, false);
      await store.outbox.add([outboxRow("ses_1", "msg_1", { message: { to: "\0", text: hostileTexts.join("\n") } })]);
      assert.equal((await store.outbox.get("ses_1", "msg_1"))?.message?.text, hostileTexts.join("\n"));
      await store.inbox.add([inboxRow("ses_1", "occ_1", settings)]);
      assert.deepEqual((await store.inbox.pending("ses_1"))[0]?.event.raw, settings);
    },
  },
  {
    title: "keeps a text of a megabyte",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const text = "0123456789abcdé👍".repeat(2 ** 16);
      await store.outbox.add([outboxRow("ses_1", "msg_1", { message: { to: "+15550100", text } })]);
      await store.inbox.add([inboxRow("ses_1", "occ_1", text)]);
      await store.secrets.put("ses_1", { session_key: text });
      assert.equal((await store.outbox.get("ses_1", "msg_1"))?.message?.text, text);
      assert.equal((await store.inbox.pending("ses_1"))[0]?.event.raw, text);
      assert.equal((await store.secrets.get("ses_1"))["session_key"], text);
    },
  },
];
