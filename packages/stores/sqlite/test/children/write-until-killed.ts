// Writes without end, and says after each write what was acknowledged.
import { newSnapshot, type SessionRecord } from "@colloquy/core";
import { sqliteStore } from "../../src/index.js";
import { say } from "./say.js";

const [path = "", sessionId = ""] = process.argv.slice(2);
const store = sqliteStore({ path, secretKey: "made-up key" });
await store.open();

const lifecycle = newSnapshot(0);
const entry = (event: string) =>
  ({
    sessionId,
    atMs: 0,
    epoch: 1,
    incarnation: 1,
    event,
    from: "created",
    to: "created",
    disposition: "recorded",
  }) as const;

let record: SessionRecord = await store.records.create(
  { id: sessionId, providerId: "example", settings: {}, lifecycle, epoch: 1, createdAtMs: 0, updatedAtMs: 0 },
  [entry("1")],
);
say({ did: "save", revision: record.revision });

for (let number = 1; ; number++) {
  record = await store.records.save({ ...record, name: `${number}` }, [entry(`${record.revision + 1}`)]);
  say({ did: "save", revision: record.revision });

  const ids = [1, 2, 3].map((part) => `msg_${number}_${part}`);
  await store.outbox.add(
    ids.map((id) => ({
      sessionId,
      id,
      state: "queued" as const,
      message: { to: "+15550100", text: "x".repeat(number % 3_000) },
      priority: "normal" as const,
      acceptedAtMs: 0,
    })),
  );
  say({ did: "add", ids });

  await Promise.all(ids.slice(0, 2).map((id) => store.outbox.move(sessionId, id, ["queued"], { state: "sending" })));
  say({ did: "move", ids: ids.slice(0, 2) });

  const occurrenceIds = [`occ_${number}_a`, `occ_${number}_b`];
  await store.inbox.add(
    occurrenceIds.map((occurrenceId) => ({
      sessionId,
      occurrenceId,
      event: { type: "provider" as const, occurrenceId, name: "example", raw: number },
      receivedAtMs: 0,
    })),
  );
  say({ did: "arrive", ids: occurrenceIds });

  await store.inbox.settle(sessionId, [`occ_${number}_a`]);
  say({ did: "settle", ids: [`occ_${number}_a`] });

  await store.secrets.put(sessionId, { session_key: `made-up ${number}` });
  say({ did: "secret", number });
}
