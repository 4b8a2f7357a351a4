import assert from "node:assert/strict";
import { sessionsIn } from "./samples.js";
import type { StoreCase } from "./store-case.js";

export const secretCases: readonly StoreCase[] = [
  {
    title: "holds no secrets at first",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      assert.deepEqual(await store.secrets.get("ses_1"), {});
    },
  },
  {
    title: "sets the named secrets of a session and leaves the others",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      await store.secrets.put("ses_1", { session_key: "one", webhook_secret: "two" });
      await store.secrets.put("ses_2", { session_key: "of another" });
      await store.secrets.put("ses_1", { session_key: "three", extra: "" });
      assert.deepEqual(await store.secrets.get("ses_1"), { session_key: "three", webhook_secret: "two", extra: "" });
      assert.deepEqual(await store.secrets.get("ses_2"), { session_key: "of another" });
    },
  },
  {
    title: "keeps every secret when calls race",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const names = Array.from({ length: 20 }, (_, index) => `name_${index}`);
      await Promise.all(names.map((name) => store.secrets.put("ses_1", { [name]: "made-up" })));
      assert.deepEqual(Object.keys(await store.secrets.get("ses_1")).toSorted(), names.toSorted());
    },
  },
  {
    title: "removes the secrets of one session, and nothing else of it",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      for (const id of ["ses_1", "ses_2"]) await store.secrets.put(id, { session_key: "made-up" });
      await store.secrets.remove("ses_1");
      assert.deepEqual(await store.secrets.get("ses_1"), {});
      assert.deepEqual(await store.secrets.get("ses_2"), { session_key: "made-up" });
      assert.equal((await store.records.get("ses_1"))?.id, "ses_1");
      await store.secrets.put("ses_1", { session_key: "new" });
      assert.deepEqual(await store.secrets.get("ses_1"), { session_key: "new" });
    },
  },
  {
    title: "leaves no secret readable in what is stored",
    promise: { isMade: ({ encryptsSecrets }) => encryptsSecrets, otherwise: "the store does not encrypt secrets" },
    async run({ store, stored }) {
      assert.ok(stored, "A store that promises encryption must give `stored` to the suite.");
      const canary = "made-up-canary-4f1c9e";
      await sessionsIn(store, "ses_1");
      await store.secrets.put("ses_1", { session_key: canary });
      const holds = async (): Promise<boolean> => (await stored()).some((bytes) => Buffer.from(bytes).includes(canary));
      assert.equal(await holds(), false);
      await store.close();
      assert.equal(await holds(), false);
    },
  },
];
