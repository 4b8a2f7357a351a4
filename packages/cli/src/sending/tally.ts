import { isColloquyError, type SendResult } from "@colloquy/core";

/** One message's fate, as JSON tells it. */
export interface Fate {
  readonly id: string;
  /** `queued`: this process ended first; it is still stored. */
  readonly state: "sent" | "failed" | "unknown" | "cancelled" | "queued";
  readonly providerMessageId?: string;
  readonly error?: string;
}

export interface Counts {
  readonly sent: number;
  readonly failed: number;
  readonly unknown: number;
  readonly queued: number;
}

export function fateOf(result: SendResult): Fate {
  const { id, state } = result;
  if (state === "sent") return { id, state, providerMessageId: result.sent.providerMessageId };
  const { error } = result;
  const code = isColloquyError(error) ? error.code : "CANCELLED";
  // Shut down before its turn came: nothing happened to it.
  return code === "SHUT_DOWN" ? { id, state: "queued" } : { id, state, error: code };
}

/** Counts fates as they come. A cancelled message counts as failed: it was asked for and not sent. */
export function createTally(): { readonly counts: Counts; add(fate: Fate): Counts } {
  const counts = { sent: 0, failed: 0, unknown: 0, queued: 0 };
  return {
    counts,
    add({ state }) {
      counts[state === "cancelled" ? "failed" : state] += 1;
      return counts;
    },
  };
}

export function countFates(fates: readonly Fate[]): Counts {
  const tally = createTally();
  for (const fate of fates) tally.add(fate);
  return tally.counts;
}
