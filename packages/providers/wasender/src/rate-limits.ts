import type { AnyOperation, RateLimitReading, WireResponse } from "@colloquy/core/contract";
import { isRecord } from "./json.js";

const dayMs = 86_400_000;

// `X-RateLimit-Reset` was a Unix instant and is now seconds until the reset. A wait of 31 years is none, and an instant
// before 2001 neither, so the size tells them apart; the same again for instants in milliseconds.
const smallestInstantS = 1_000_000_000;
const smallestInstantMs = 1_000_000_000_000;

/**
 * What an answer tells of limits: first of the short window, then of the day where the provider counts one. How long a
 * refusal asks to wait stands in the first, as it holds for the request; in that of the day too when it is the day that has
 * nothing left.
 */
export function readRateLimits(response: WireResponse, operation: AnyOperation): readonly RateLimitReading[] {
  const [bucket] = operation.buckets;
  if (bucket === undefined) return [];
  const short = told(response, "x-ratelimit");
  const day = told(response, "x-ratelimit-daily");
  const isDayGone = day.remaining === 0 && short.remaining !== 0;
  const untilTomorrowMs =
    isDayGone && day.resetAtMs !== undefined ? Math.max(0, day.resetAtMs - response.receivedAtMs) : undefined;
  const retryAfterMs = response.status === 429 ? (retryAfterMsOf(response) ?? untilTomorrowMs) : undefined;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const hasDay = Object.keys(day).length > 0;
  return [
    ...readingOf(bucket, { ...short, ...wait }, response),
    ...(hasDay ? readingOf(bucket, { ...day, windowMs: dayMs, ...(isDayGone ? wait : {}) }, response) : []),
  ];
}

type Told = Pick<RateLimitReading, "limit" | "remaining" | "resetAtMs" | "retryAfterMs" | "windowMs">;

function readingOf(bucket: string, figures: Told, { receivedAtMs }: WireResponse): readonly RateLimitReading[] {
  return Object.keys(figures).length === 0
    ? []
    : [{ bucket, scope: "session", ...figures, observedAtMs: receivedAtMs }];
}

function told({ headers, receivedAtMs }: WireResponse, prefix: string): Told {
  const limit = amount(headers[`${prefix}-limit`]);
  const remaining = amount(headers[`${prefix}-remaining`]);
  const reset = amount(headers[`${prefix}-reset`]);
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(reset === undefined ? {} : { resetAtMs: resetAtMs(reset, receivedAtMs) }),
  };
}

function resetAtMs(reset: number, receivedAtMs: number): number {
  if (reset >= smallestInstantMs) return Math.ceil(reset);
  return reset >= smallestInstantS ? Math.ceil(reset * 1_000) : receivedAtMs + Math.ceil(reset * 1_000);
}

/** A header's number. Repeated headers come joined; the first one counts. */
function amount(header: string | undefined): number | undefined {
  const first = header?.split(",")[0]?.trim() ?? "";
  return /^\d+(\.\d+)?$/.test(first) ? Number(first) : undefined;
}

/** How long a refusal asks to wait: `retry_after` of the body or the `Retry-After` header, the longer one. */
export function retryAfterMsOf(response: WireResponse): number | undefined {
  const asked = [bodyWaitMs(response.body), headerWaitMs(response)].filter((ms): ms is number => ms !== undefined);
  return asked.length === 0 ? undefined : Math.max(...asked);
}

function bodyWaitMs(body: unknown): number | undefined {
  const seconds = isRecord(body) ? body["retry_after"] : undefined;
  const value = typeof seconds === "string" ? amount(seconds) : seconds;
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.ceil(value * 1_000) : undefined;
}

function headerWaitMs({ headers, receivedAtMs }: WireResponse): number | undefined {
  const header = headers["retry-after"];
  const seconds = amount(header);
  if (seconds !== undefined) return Math.ceil(seconds * 1_000);
  const atMs = Date.parse(header ?? "");
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - receivedAtMs);
}
