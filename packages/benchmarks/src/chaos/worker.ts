// One worker of the harness. Arguments: name, place of the store, address of the service, lease in ms, skew of its clock in ms.

import { createColloquy, type Lease, type LeaseStore, systemClock } from "@colloquy/core";
import { openPlace } from "./brokers.js";
import { chaosProvider } from "./provider.js";

const [name = "", place = "", address = "", leaseMs = "", skewMs = "0"] = process.argv.slice(2);
const skew = Number(skewMs);
const clock = {
  now: () => systemClock.now() + skew,
  setTimer: (atMs: number, run: () => void) => systemClock.setTimer(atMs - skew, run),
};
const store = openPlace(place);
/** Of the leases that were given to this worker. */
const epochs = new Map<string, number>();
const colloquy = createColloquy({
  providers: [chaosProvider(address, (sessionId) => epochs.get(sessionId) ?? 0)],
  store: { ...store, leases: { ...store.leases, acquire } },
  clock,
  transport: { limits: { attemptTimeoutMs: 5_000 } },
});
colloquy.work({
  name,
  leaseMs: Number(leaseMs),
  scanMs: 500,
  watchMs: 100,
  onEvent(event) {
    if (event.type !== "gained") return;
    void colloquy.sessions.get(event.sessionId).then((session) => {
      session.handle(
        async (received) => {
          if (!("occurrenceId" in received)) return;
          // Some fail at first, and must come again.
          if (received.occurrenceId.endsWith("7") && Math.random() < 0.3) throw new Error("not now");
          await fetch(`${address}/handled`, { method: "POST", body: received.occurrenceId });
        },
        { retryMs: 50, pollMs: 200 },
      );
    });
  },
});

async function acquire(...asked: Parameters<LeaseStore["acquire"]>): Promise<readonly Lease[]> {
  const leases = await store.leases.acquire(...asked);
  for (const { sessionId, epoch } of leases) epochs.set(sessionId, epoch);
  return leases;
}

const stop = (): void => void colloquy.shutdown({ graceMs: 2_000 }).finally(() => process.exit());
process.once("SIGTERM", stop);
// The harness is gone: nobody would end this process.
process.once("disconnect", stop);
