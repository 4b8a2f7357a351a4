import type { JsonValue } from "./wire.js";

/** Whose allowance a bucket counts: one session's, or that of the whole account behind the token. */
export type LimitScope = "session" | "account";

/** One limit as data. The starting knowledge of the gate; what the provider says later wins. */
export interface LimitRule {
  /** The bucket's name, as operations spell it in `buckets`. */
  readonly bucket: string;
  readonly scope: LimitScope;
  /** How many requests. */
  readonly limit: number;
  /** In how many milliseconds. `limit: 1` means a spacing of `windowMs`. */
  readonly windowMs: number;
  /** The rule holds only while every named session setting has this value. Default: always. */
  readonly when?: Readonly<Record<string, JsonValue>>;
  /** Where the number comes from. */
  readonly source: string;
  /** ISO date on which the source said so. */
  readonly asOf: string;
}

/** What one answer told about one bucket. The same shape in the gate, in events, in errors and for the caller. */
export interface RateLimitReading {
  readonly bucket: string;
  readonly scope: LimitScope;
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAtMs?: number;
  /** Present when the provider refused: wait at least this long from `observedAtMs`. */
  readonly retryAfterMs?: number;
  readonly windowMs?: number;
  readonly observedAtMs: number;
}
