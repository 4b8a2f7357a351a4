import type { OutboxRow, OutboxState } from "@colloquy/core";
import type { Arrival } from "./service.js";

export interface RoundFacts {
  readonly rows: readonly OutboxRow[];
  readonly textOf: (row: OutboxRow) => string;
  readonly arrivals: readonly Arrival[];
  readonly events: readonly string[];
  readonly handled: ReadonlyMap<string, number>;
  /** Events still stored and unhandled. */
  readonly pending: number;
}

export interface StaleArrival extends Arrival {
  /** Of somebody who had sent before. */
  readonly newerEpoch: number;
  readonly newerWorker: string;
}

export interface Verdict {
  readonly accepted: number;
  readonly sent: number;
  readonly unknown: number;
  /** Accepted, and neither sent nor told as unknown; or told as sent, and never there. */
  readonly lost: number;
  /** There more than once. */
  readonly twice: number;
  /** There although it was told that it is not. */
  readonly mistold: number;
  readonly eventsLost: number;
  readonly eventsAgain: number;
  /** Messages that came under an older epoch than one before them, and are not told as unknown. */
  readonly staleOwners: number;
  readonly staleArrivals: readonly StaleArrival[];
  /** What each of the lost ones says of itself. */
  readonly lostRows: readonly Pick<OutboxRow, "id" | "sessionId" | "state" | "error">[];
}

export const isClean = ({ lost, twice, mistold, eventsLost, staleOwners }: Verdict): boolean =>
  lost + twice + mistold + eventsLost + staleOwners === 0;

/** What a round must not show, counted. */
export function judge({ rows, textOf, arrivals, events, handled, pending }: RoundFacts): Verdict {
  const timesThere = new Map<string, number>();
  for (const { text } of arrivals) timesThere.set(text, (timesThere.get(text) ?? 0) + 1);
  const there = (row: OutboxRow): number => timesThere.get(textOf(row)) ?? 0;
  const count = (state: OutboxState): number => rows.filter((row) => row.state === state).length;
  const isSettled = ({ state }: OutboxRow): boolean => state === "sent" || state === "unknown";
  const stateOf = new Map(rows.map((row) => [textOf(row), row.state]));
  const staleArrivals = staleOf(arrivals, stateOf);
  const lostRows = rows.filter((row) => !isSettled(row) || (row.state === "sent" && there(row) === 0));
  return {
    accepted: rows.length,
    sent: count("sent"),
    unknown: count("unknown"),
    lost: lostRows.length,
    twice: rows.filter((row) => there(row) > 1).length,
    mistold: rows.filter((row) => (row.state === "failed" || row.state === "cancelled") && there(row) > 0).length,
    eventsLost: pending + events.filter((event) => !handled.has(event)).length,
    eventsAgain: [...handled.values()].filter((times) => times > 1).length,
    staleOwners: staleArrivals.length,
    staleArrivals,
    lostRows: lostRows.map(({ id, sessionId, state, error }) => ({
      ...{ id, sessionId, state },
      ...(error === undefined ? {} : { error }),
    })),
  };
}

/**
 * A message of a session must not come from an owner who is older than one that has sent before. A process whose lease ran out
 * and that got it again goes on with what it had.
 */
function staleOf(arrivals: readonly Arrival[], stateOf: ReadonlyMap<string, OutboxState>): readonly StaleArrival[] {
  const newestOf = new Map<string, Map<number, Arrival>>();
  const stale: StaleArrival[] = [];
  for (const arrival of arrivals) {
    const { sessionId, pid, epoch, text } = arrival;
    const byProcess = newestOf.get(sessionId) ?? new Map<number, Arrival>();
    newestOf.set(sessionId, byProcess);
    const newer = [...byProcess.values()].find((other) => other.pid !== pid && other.epoch > epoch);
    if (newer && stateOf.get(text) !== "unknown")
      stale.push({ ...arrival, newerEpoch: newer.epoch, newerWorker: newer.worker });
    if (epoch >= (byProcess.get(pid)?.epoch ?? 0)) byProcess.set(pid, arrival);
  }
  return stale;
}
