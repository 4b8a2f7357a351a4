import type { SessionId } from "../contract/index.js";

/** The status of each answer that is no 200. */
export const refusalStatus = {
  /** Something else than POST. */
  method: 405,
  /** The signature is missing or wrong. */
  forged: 401,
  /** No secret is known to check it with. */
  no_secret: 401,
  /** No session fits the request. Told like a forged one, so that nobody learns which addresses exist. */
  unknown_session: 401,
  /** Sent too long ago, or dated in the future: see `replayWindowMs`. */
  stale: 401,
  /** Longer than `maxBodyBytes`. */
  too_large: 413,
  /** The sender went away, or something read the body before the handler did. */
  body_unreadable: 400,
  /** The store, the session or the secret could not be had; or too much waits to be handled. The provider may try again. */
  unavailable: 503,
} as const;

export type RefusalReason = keyof typeof refusalStatus;

/** Why a delivery was not taken. Holds nothing of what it said. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly status: (typeof refusalStatus)[RefusalReason];
  readonly providerId: string;
  readonly sessionId?: SessionId;
  /** With `stale`: how long ago it was sent, in milliseconds; negative when dated in the future. */
  readonly ageMs?: number;
  /** With `unavailable`: what failed. */
  readonly error?: unknown;
}
