import type { LimitScope, RateLimitReading } from "./rate-limit.js";

export interface RateLimitHeaderContext {
  /** The bucket that the answered operation spends. */
  readonly bucket: string;
  readonly scope: LimitScope;
  /** When the answer was received: `WireResponse.receivedAtMs`. */
  readonly nowMs: number;
}

type Figures = Pick<RateLimitReading, "limit" | "remaining" | "resetAtMs" | "windowMs">;

// A wait of 31 years is none, and an instant before 2001 neither, so the size tells a wait from an instant; again for milliseconds.
const smallestInstantS = 1_000_000_000;
const smallestInstantMs = 1_000_000_000_000;

/** A server's `Date` is cut to whole seconds and was on its way; only what is more than that is a clock that goes wrong. */
const usualSkewMs = 2_000;

/**
 * What an answer's headers tell of limits, in the dialects that are in use: `RateLimit` with `RateLimit-Policy` (IETF drafts 7
 * to 10), `RateLimit-Limit/-Remaining/-Reset` (earlier drafts), `X-RateLimit-*` and `X-Rate-Limit-*` with a reset in seconds, as
 * an instant or as `-Reset-After`, and `Retry-After`. Pure and total: what cannot be read is left out, and headers that tell
 * nothing give an empty list. Names must be in lower case. Several policies give several readings, the shortest window first.
 */
export function readRateLimitHeaders(
  headers: Readonly<Record<string, string>>,
  { bucket, scope, nowMs }: RateLimitHeaderContext,
): readonly RateLimitReading[] {
  const told = inPolicies(headers, nowMs) ?? inSeparateHeaders(headers, nowMs);
  const retryAfterMs = parseRetryAfter(headers["retry-after"], nowMs);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const figures = told.length === 0 && retryAfterMs !== undefined ? [{}] : told;
  // The wait holds for the request, so it is that of the policy which has nothing left, or of the first.
  const spent = Math.max(
    0,
    figures.findIndex(({ remaining }: Figures) => remaining === 0),
  );
  return figures.map((one, place) => ({
    bucket,
    scope,
    ...one,
    ...(place === spent ? wait : {}),
    observedAtMs: nowMs,
  }));
}

/** `Retry-After` of RFC 9110 in milliseconds: seconds (fractions are taken too) or an HTTP date. Undefined when it is neither. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  const seconds = amount(text);
  if (seconds !== undefined) return Math.ceil(seconds * 1_000);
  // `Date.parse` takes almost anything ("-5" is a year to it), so only what begins like a date is offered.
  if (!/^[A-Za-z]{3,9},? \d|^[A-Za-z]{3} [A-Za-z]{3} |^\d{4}-\d{2}-\d{2}T/.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** `RateLimit: "send";r=12;t=3` beside `RateLimit-Policy: "send";q=30;w=60`; before that `limit=30, remaining=12, reset=3`. */
function inPolicies(headers: Readonly<Record<string, string>>, nowMs: number): readonly Figures[] | undefined {
  const limits = items(headers["ratelimit"]);
  if (limits.length === 0) return undefined;
  const policies = items(headers["ratelimit-policy"]);
  const merged = new Map(limits.flatMap(({ parameters }) => [...parameters]));
  if (merged.has("remaining") || merged.has("limit")) {
    const policy = policies[0];
    return [
      figuresOf(merged.get("limit"), merged.get("remaining"), merged.get("reset"), policy?.parameters.get("w"), nowMs),
    ];
  }
  return limits
    .map(({ name, parameters }) => {
      const policy = policies.find((one) => one.name === name) ?? (policies.length === 1 ? policies[0] : undefined);
      const { parameters: rules } = policy ?? { parameters: new Map<string, string>() };
      return figuresOf(rules.get("q"), parameters.get("r"), parameters.get("t"), rules.get("w"), nowMs);
    })
    .toSorted((a, b) => (a.windowMs ?? 0) - (b.windowMs ?? 0));
}

function inSeparateHeaders(headers: Readonly<Record<string, string>>, nowMs: number): readonly Figures[] {
  for (const prefix of ["x-ratelimit", "x-rate-limit", "ratelimit"]) {
    const limit = headers[`${prefix}-limit`];
    const after = headers[`${prefix}-reset-after`];
    const reset = after ?? headers[`${prefix}-reset`];
    // `RateLimit-Limit: 30, 30;w=60` carries its policy along.
    const windowS = /;\s*w=(\d+)/.exec(limit ?? headers["ratelimit-policy"] ?? "")?.[1];
    const figures = figuresOf(limit, headers[`${prefix}-remaining`], reset, windowS, nowMs, skewOf(headers, nowMs));
    if (Object.keys(figures).length > 0) return [figures];
  }
  return [];
}

function figuresOf(
  limit: string | undefined,
  remaining: string | undefined,
  reset: string | undefined,
  windowS: string | undefined,
  nowMs: number,
  skewMs = 0,
): Figures {
  const resetAtMs = instantOf(reset, nowMs, skewMs);
  const numbers = { limit: amount(limit), remaining: amount(remaining), windowS: amount(windowS) };
  return {
    ...(numbers.limit === undefined ? {} : { limit: numbers.limit }),
    ...(numbers.remaining === undefined ? {} : { remaining: numbers.remaining }),
    ...(resetAtMs === undefined ? {} : { resetAtMs }),
    ...(numbers.windowS === undefined || numbers.windowS === 0 ? {} : { windowMs: numbers.windowS * 1_000 }),
  };
}

/** A reset as seconds from now, an instant in seconds or milliseconds, or a date. */
function instantOf(reset: string | undefined, nowMs: number, skewMs: number): number | undefined {
  const value = amount(reset);
  if (value !== undefined && value < smallestInstantS) return nowMs + value * 1_000;
  const atMs =
    value === undefined ? Date.parse(/^\d{4}-|^[A-Za-z]{3}, /.test(reset ?? "") ? (reset as string) : "") : value;
  if (Number.isNaN(atMs)) return undefined;
  return (atMs < smallestInstantMs ? atMs * 1_000 : atMs) + skewMs;
}

/** How far this clock is ahead of the server's, in whole seconds, so that a rounded instant stays recognisable as one. */
function skewOf(headers: Readonly<Record<string, string>>, nowMs: number): number {
  const skewMs = nowMs - Date.parse(headers["date"] ?? "");
  return Math.abs(skewMs) > usualSkewMs ? Math.ceil(skewMs / 1_000) * 1_000 : 0;
}

interface Item {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** A list of items with parameters, as structured fields write it: `"a";q=1;w=2, "b";q=3`. */
function items(header: string | undefined): readonly Item[] {
  if (!header?.trim()) return [];
  return header.split(",").map((text) => {
    const [first = "", ...rest] = text.split(";").map((part) => part.trim());
    const own = first.includes("=") ? [first] : /^\d/.test(first) ? [`q=${first}`] : [];
    const parameters = [...own, ...rest].map((part) => part.split("=", 2) as [string, string | undefined]);
    return {
      name: first,
      parameters: new Map(parameters.map(([name, value]) => [name.trim().toLowerCase(), value?.trim() ?? ""])),
    };
  });
}

/** A header's number. Repeated headers come joined; the first one counts. */
function amount(header: string | undefined): number | undefined {
  const first = header?.split(/[,;]/)[0]?.trim() ?? "";
  return /^\d+(\.\d+)?$/.test(first) ? Number(first) : undefined;
}
