import type { WireResponse } from "../contract/index.js";

/** `Retry-After` of RFC 9110: seconds (fractions are taken too) or an HTTP date. Undefined when it is neither. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  // `Date.parse` takes almost anything ("-5" is a year to it), so only what begins like a date is offered.
  if (!/^[A-Za-z]{3,9},? \d|^[A-Za-z]{3} [A-Za-z]{3} |^\d{4}-\d{2}-\d{2}T/.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** The wait that a throttle body asks for: `retry_after` or `retryAfter` in seconds, `retry_after_ms` in milliseconds. */
export function bodyRetryAfterMs(body: unknown): number | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const fields = body as Readonly<Record<string, unknown>>;
  const ms = positive(fields["retry_after_ms"] ?? fields["retryAfterMs"]);
  if (ms !== undefined) return Math.ceil(ms);
  const seconds = positive(fields["retry_after"] ?? fields["retryAfter"]);
  return seconds === undefined ? undefined : Math.ceil(seconds * 1_000);
}

/** What an answer asks to wait, from its header and its body: the longer of the two, as both are promises to keep. */
export function retryAfterOf(response: WireResponse): number | undefined {
  const header = parseRetryAfter(response.headers["retry-after"], response.receivedAtMs);
  const body = bodyRetryAfterMs(response.body);
  return header === undefined ? body : Math.max(header, body ?? 0);
}

function positive(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined;
}
