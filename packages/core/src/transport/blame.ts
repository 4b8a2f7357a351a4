import type { AnsweredFate } from "./resource.js";

/** What blaming must know of an allowance that a refused request would have spent. */
export interface Suspect {
  /** What the refusing answer says of it by name: nothing, that it is used up, or that some of it is left. */
  verdictOf(fate: AnsweredFate): "unnamed" | "used_up" | "left";
  /** The part of it that is left by our own count, 0 to 1; undefined when nothing is known of it. */
  partLeft(nowMs: number): number | undefined;
  /** The longest of its windows; undefined when none is known. */
  readonly longestWindowMs: number | undefined;
  /** Whether it was spared just now for one that none of these is, and a refusal came all the same. */
  wasSparedFor(others: readonly unknown[], nowMs: number): boolean;
}

/** Nothing is known of it: more likely to be used up than one with most of it left. ASSUMED. */
const unknownPart = 0.5;

/**
 * Which allowances a refusal is about. A request spends several at once, and only what was used up should be held and learn:
 * a limit per second must not cut that of the day. The answer's own words go first; then what cannot ask for so long a wait is
 * ruled out; then it is the one with the least left.
 */
export function blame<Item extends Suspect>(suspects: readonly Item[], fate: AnsweredFate): readonly Item[] {
  if (suspects.length < 2) return suspects;
  const named = suspects.filter((one) => one.verdictOf(fate) === "used_up");
  if (named.length > 0) return named;
  const open = orAll(
    suspects.filter((one) => one.verdictOf(fate) === "unnamed"),
    suspects,
  );
  const able = orAll(
    open.filter(({ longestWindowMs }) => (longestWindowMs ?? Number.POSITIVE_INFINITY) >= (fate.retryAfterMs ?? 0)),
    open,
  );
  const partOf = (one: Item): number => one.partLeft(fate.atMs) ?? unknownPart;
  // Two sessions refused in a row: what they share is the likelier cause, unless most of it is left.
  const shared = able.find((one) => one.wasSparedFor(suspects, fate.atMs) && partOf(one) <= unknownPart);
  if (shared) return [shared];
  // Between equals the shorter one: a mistake about it heals sooner.
  const guilty = able.toSorted((a, b) => partOf(a) - partOf(b) || windowOf(a) - windowOf(b));
  return guilty.slice(0, 1);
}

function orAll<Item>(some: readonly Item[], all: readonly Item[]): readonly Item[] {
  return some.length > 0 ? some : all;
}

function windowOf({ longestWindowMs }: Suspect): number {
  return longestWindowMs ?? Number.MAX_VALUE;
}
