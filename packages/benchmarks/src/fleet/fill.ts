import { newSnapshot, type SessionRecord, type Store } from "@colloquy/core";

/** Connected sessions, as an earlier process left them. Returns their ids. */
export async function fill(store: Store, count: number, providerId = "bench"): Promise<readonly string[]> {
  const nowMs = Date.now();
  const records = Array.from(
    { length: count },
    (_, place): Omit<SessionRecord, "revision"> => ({
      id: `ses_${String(place).padStart(26, "0")}`,
      providerId,
      remoteId: String(place),
      settings: {},
      lifecycle: { ...newSnapshot(nowMs), state: "connected", intent: "online" },
      epoch: 1,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    }),
  );
  for (let place = 0; place < count; place += 500)
    await Promise.all(records.slice(place, place + 500).map((record) => store.records.create(record, [])));
  return records.map(({ id }) => id);
}
