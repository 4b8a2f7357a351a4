import type { BucketView, Session } from "@colloquy/core";

/** Sends per second that the session's limits allow, as far as they are known. The slowest of them rules. */
export function sendsPerSecond(session: Session): number | undefined {
  const rates = session
    .rateLimits()
    .filter(isPaceOfSending)
    .map(({ limit = 0, windowMs = 1 }) => (1_000 * limit) / windowMs);
  return rates.length === 0 ? undefined : Math.min(...rates);
}

// A day's allowance says nothing about the next minute.
const longestPaceWindowMs = 3_600_000;

function isPaceOfSending({ bucket, limit, windowMs }: BucketView): boolean {
  return /^send\b/.test(bucket) && limit !== undefined && windowMs !== undefined && windowMs <= longestPaceWindowMs;
}

/** How long `left` more messages take: by the limits, or where these do not hold it up, by the rate so far. */
export function timeToGoMs(
  left: number,
  perSecondAllowed: number | undefined,
  done: number,
  elapsedMs: number,
): number | undefined {
  const perSecondSoFar = done === 0 ? undefined : (1_000 * done) / Math.max(1, elapsedMs);
  const rates = [perSecondAllowed, perSecondSoFar].filter((rate) => rate !== undefined);
  return rates.length === 0 ? undefined : (1_000 * left) / Math.min(...rates);
}
