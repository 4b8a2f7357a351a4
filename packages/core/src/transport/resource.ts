import type { RateLimitReading } from "../contract/index.js";
import type { StandingLine, TurnRing } from "./fair-queue.js";

/** Something that a request needs a permit of: a rate limit, or a place among the requests in flight. */
export interface Resource {
  /** When one more may leave: `nowMs` or earlier for at once, infinity while only an answer can tell. */
  freeAt(nowMs: number): number;
  take(nowMs: number): Permit;
  /** The gate's lines that wait for this one; absent while nobody does. */
  waiting: TurnRing<StandingLine> | undefined;
  /** How many lines of the gate need it: while there are any it must not be made anew. */
  lines: number;
  /** For when its wake-up is planned; infinity when none is. */
  wakeAtMs: number;
}

/** The right to one request, and the duty to tell what became of it, once. */
export interface Permit {
  settle(fate: Fate): void;
}

/**
 * What became of a request that had a permit.
 *
 * - `unsent`: it never left, so the permit comes back.
 * - `lost`: nobody knows whether it was counted, so it counts as of now.
 * - `answered`: the provider saw it.
 */
export type Fate = { readonly kind: "unsent" } | { readonly kind: "lost"; readonly atMs: number } | AnsweredFate;

export interface AnsweredFate {
  readonly kind: "answered";
  readonly sentAtMs: number;
  readonly atMs: number;
  /** Refused for the rate. */
  readonly isRefused: boolean;
  /** Of all buckets; each finds its own. */
  readonly readings: readonly RateLimitReading[];
  /** A wait that the answer asked for without naming a bucket. */
  readonly retryAfterMs?: number;
  /** For a refusal: the resources that it is about, when the request spent several. Default: all. */
  readonly blamed?: readonly Resource[];
}
