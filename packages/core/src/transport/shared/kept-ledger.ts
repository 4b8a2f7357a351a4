import { Ledger, type LedgerJson } from "./ledger.js";
import type { SharedAnswer, SharedCall } from "./shared-budget.js";

/** A ledger as JSON, with the instant of the last call. */
export interface KeptLedger extends LedgerJson {
  readonly seenAtMs: number;
}

/**
 * One exchange on a ledger that is kept elsewhere: for a budget whose place can compare and set, but not run the step itself.
 * Begins anew when there is none, or when nothing that it knows matters any more. The one given is left as it is.
 */
export function exchangeOn(
  kept: KeptLedger | undefined,
  call: SharedCall,
  nowMs: number,
): { readonly kept: KeptLedger; readonly answer: SharedAnswer } {
  let ledger = kept && Ledger.from(kept);
  if (!ledger || nowMs - (kept?.seenAtMs ?? 0) > ledger.lifetimeMs) ledger = new Ledger(call.newEpoch);
  const answer = ledger.exchange(call, nowMs);
  return { kept: { ...ledger.toJson(), seenAtMs: nowMs }, answer };
}
