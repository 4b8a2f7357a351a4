/** `2026-11-21T12:00:00.123456Z` as Unix milliseconds. The fraction is missing when it is exactly 0. */
export function writtenInstantMs(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return undefined;
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}
