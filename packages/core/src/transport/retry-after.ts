import { parseRetryAfter, type WireResponse } from "../contract/index.js";

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
