import assert from "node:assert/strict";
import { failsWith } from "./expect.js";
import { newRecord } from "./samples.js";
import type { StoreCase } from "./store-case.js";

export const lifetimeCases: readonly StoreCase[] = [
  {
    title: "opens once, however often it is told to",
    async run({ store }) {
      await store.records.create(newRecord("ses_1"), []);
      await Promise.all([store.open(), store.open()]);
      assert.equal((await store.records.get("ses_1"))?.id, "ses_1");
    },
  },
  {
    title: "closes once, however often it is told to",
    async run({ store }) {
      await Promise.all([store.close(), store.close()]);
      await store.close();
    },
  },
  {
    title: "refuses to work once it is closed",
    async run({ store }) {
      await store.records.create(newRecord("ses_1"), []);
      await store.close();
      await failsWith("STORE_UNAVAILABLE", () => store.records.get("ses_1"));
      await failsWith("STORE_UNAVAILABLE", () => store.records.create(newRecord("ses_2"), []));
      await failsWith("STORE_UNAVAILABLE", () => store.log.read("ses_1"));
      await failsWith("STORE_UNAVAILABLE", () => store.outbox.list("ses_1"));
      await failsWith("STORE_UNAVAILABLE", () => store.inbox.pending("ses_1"));
      await failsWith("STORE_UNAVAILABLE", () => store.secrets.get("ses_1"));
    },
  },
];
