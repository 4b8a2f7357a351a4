import { writeSync } from "node:fs";
import { newSnapshot, type SessionRecord, type Store } from "@colloquy/core";

const say = (line: unknown): void => void writeSync(1, `${JSON.stringify(line)}\n`);

/** Writes to a new session without end, and says after each write what was acknowledged. */
export async function writeForever(store: Store, sessionId: string): Promise<never> {
  const entry = (event: string) =>
    ({
      ...{ sessionId, atMs: 0, epoch: 1, incarnation: 1, event },
      ...({ from: "created", to: "created", disposition: "recorded" } as const),
    }) as const;
  const fresh = { id: sessionId, providerId: "example", settings: {}, lifecycle: newSnapshot(0), epoch: 1 };
  let record: SessionRecord = await store.records.create({ ...fresh, createdAtMs: 0, updatedAtMs: 0 }, [entry("1")]);

  for (let number = 1; ; number++) {
    record = await store.records.save({ ...record, name: `${number}` }, [entry(`${record.revision + 1}`)]);
    say({ did: "save", revision: record.revision });
    const ids = [1, 2, 3].map((part) => `msg_${number}_${part}`);
    await store.outbox.add(
      ids.map((id) => ({
        ...{ sessionId, id, state: "queued" as const, priority: "normal" as const, acceptedAtMs: 0 },
        message: { id, to: "+15550100", text: "x".repeat(number % 3_000) },
      })),
    );
    say({ did: "add", ids });
    const moved = await Promise.all(
      ids.slice(0, 2).map((id) => store.outbox.move(sessionId, id, ["queued"], { state: "sending" })),
    );
    say({ did: moved.includes(undefined) ? "failed to move" : "move", ids: ids.slice(0, 2) });
    const occurrenceIds = [`occ_${number}_a`, `occ_${number}_b`];
    const arrived = await store.inbox.add(
      occurrenceIds.map((occurrenceId) => ({
        ...{ sessionId, occurrenceId, receivedAtMs: 0 },
        event: { type: "provider" as const, occurrenceId, name: "example", raw: number },
      })),
    );
    say({ did: arrived.length === 2 ? "arrive" : "failed to arrive", ids: occurrenceIds });
    await store.inbox.settle(sessionId, [`occ_${number}_a`]);
    say({ did: "settle", ids: [`occ_${number}_a`] });
    await store.secrets.put(sessionId, { session_key: `made-up ${number}` });
    say({ did: "secret", number });
  }
}
