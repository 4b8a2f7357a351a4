import { type Clock, systemClock } from "../../clock.js";
import { Ledger } from "./ledger.js";
import type { SharedBudget } from "./shared-budget.js";

/** Ledgers that nobody uses are looked for after so many calls. ASSUMED. */
const callsBetweenSweeps = 1_000;

/** Shares limits between several Colloquy instances of one process. `close` changes nothing for the others. */
export function localBudget(clock: Clock = systemClock): SharedBudget {
  const ledgers = new Map<string, { readonly ledger: Ledger; seenAtMs: number }>();
  let calls = 0;
  const sweep = (nowMs: number): void => {
    for (const [key, { ledger, seenAtMs }] of ledgers) if (nowMs - seenAtMs > ledger.lifetimeMs) ledgers.delete(key);
  };
  return {
    name: "local",
    async exchange(call) {
      const nowMs = clock.now();
      if (++calls % callsBetweenSweeps === 0) sweep(nowMs);
      let entry = ledgers.get(call.key);
      if (!entry || nowMs - entry.seenAtMs > entry.ledger.lifetimeMs) {
        entry = { ledger: new Ledger(call.newEpoch), seenAtMs: nowMs };
        ledgers.set(call.key, entry);
      }
      entry.seenAtMs = nowMs;
      return entry.ledger.exchange(call, nowMs);
    },
    close: async () => {},
  };
}
