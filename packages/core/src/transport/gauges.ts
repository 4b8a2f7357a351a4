import type { Attributes, Telemetry } from "../telemetry.js";
import type { BucketView } from "./exchange.js";

type Reading = readonly [value: number, attributes: Attributes];

/** Buckets of one name and scope, taken together: a reading for each session would be too many. */
interface Together {
  readonly attributes: Attributes;
  readonly queued: number;
  readonly inFlight: number;
  readonly limit: number | undefined;
  readonly windowMs: number | undefined;
}

/** Lets queue depth and what was learned of limits be read by whoever collects metrics, until what it returns is called. */
export function registerGauges(
  telemetry: Telemetry,
  views: () => Iterable<readonly [providerId: string, readonly BucketView[]]>,
): () => void {
  const stops: (() => void)[] = [];
  const gauge = (name: string, valueOf: (one: Together) => number | undefined): void => {
    const stop = telemetry.gauge?.(name, () => readings(views(), valueOf));
    if (stop) stops.push(stop);
  };
  gauge("colloquy.transport.queued", ({ queued }) => queued);
  gauge("colloquy.transport.in_flight", ({ inFlight }) => inFlight);
  gauge("colloquy.transport.limit", ({ limit }) => limit);
  gauge("colloquy.transport.limit_window_ms", ({ windowMs }) => windowMs);
  return () => {
    for (const stop of stops) stop();
  };
}

function* readings(
  views: Iterable<readonly [string, readonly BucketView[]]>,
  valueOf: (one: Together) => number | undefined,
): Generator<Reading> {
  for (const [provider, buckets] of views)
    for (const one of together(provider, buckets)) {
      const value = valueOf(one);
      if (value !== undefined) yield [value, one.attributes];
    }
}

/** Requests are summed; of limits that differ between sessions the least is told. */
function together(provider: string, views: readonly BucketView[]): Iterable<Together> {
  const groups = new Map<string, Together>();
  for (const { bucket, scope, shape, origin, limit, windowMs, queued, inFlight } of views) {
    const key = `${scope} ${bucket}`;
    const known = groups.get(key);
    const isTighter = limit !== undefined && limit < (known?.limit ?? Number.POSITIVE_INFINITY);
    groups.set(key, {
      attributes: isTighter || !known ? { provider, bucket, scope, shape, origin } : known.attributes,
      queued: queued + (known?.queued ?? 0),
      inFlight: inFlight + (known?.inFlight ?? 0),
      limit: isTighter ? limit : known?.limit,
      windowMs: isTighter ? windowMs : known?.windowMs,
    });
  }
  return groups.values();
}
