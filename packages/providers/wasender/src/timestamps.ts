import { isRecord } from "./json.js";

// 100,000,000,000 seconds is the year 5138; as milliseconds it is 1973, before any message of this service.
const largestSeconds = 100_000_000_000;

/** An instant that the wire gives in seconds or milliseconds, as a number, as text, or as the two halves of a long. */
export function unixInstantMs(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : wholeOf(value);
  if (number === undefined || !Number.isFinite(number) || number <= 0) return undefined;
  const instant = Math.round(number > largestSeconds ? number : number * 1_000);
  return Number.isSafeInteger(instant) ? instant : undefined;
}

function wholeOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (!isRecord(value)) return undefined;
  const { low, high } = value;
  // A long in two halves of 32 bits: the lower one may have been written as a negative number.
  return typeof low === "number" && typeof high === "number" ? high * 2 ** 32 + (low >>> 0) : undefined;
}

const zoneless = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

/**
 * `2025-04-01T12:00:00Z` or `2025-04-01 12:00:00` as Unix milliseconds.
 * ASSUMED: the second form, which names no zone, is UTC, as a Laravel application writes it by default.
 */
export function writtenInstantMs(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const parsed = Date.parse(value.replace(zoneless, "$1T$2Z"));
  return Number.isNaN(parsed) ? undefined : parsed;
}
