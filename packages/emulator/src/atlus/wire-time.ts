/** An instant in whole microseconds since 1970, as the service keeps it. */
export type Microseconds = number;

export const toMs = (us: Microseconds): number => Math.floor(us / 1_000);

/** `2026-11-21T12:00:00.123456Z`; the fraction vanishes when it is exactly 0. */
export function isoMicroseconds(us: Microseconds): string {
  const seconds = new Date(Math.floor(us / 1_000_000) * 1_000).toISOString().slice(0, 19);
  const fraction = us % 1_000_000;
  return fraction === 0 ? `${seconds}Z` : `${seconds}.${String(fraction).padStart(6, "0")}Z`;
}
