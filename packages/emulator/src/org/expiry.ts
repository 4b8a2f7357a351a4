import { nowSeconds, type OrgState } from "./state.js";

const sweepEveryMs = 300_000;

/** Marks what has expired, and tells nobody. A date of `null`, or one that is text, never comes. Returns how many. */
export function sweep(state: OrgState): number {
  const now = nowSeconds(state);
  return state.sessions.updateWhere(
    ({ status, expiry_date: date }) => status === "pending" && typeof date === "number" && date < now,
    { status: "expired" },
  );
}

/** At the start, and every five minutes. */
export function keepSweeping(state: OrgState): void {
  sweep(state);
  state.timers.after(sweepEveryMs, () => keepSweeping(state));
}
