import type { Counter, Histogram, ObservableCallback } from "@opentelemetry/api";
import { type Attributes, noTelemetry, type Telemetry } from "./telemetry.js";

/** The instrumentation scope that spans and metrics are found under. */
const scope = "@colloquy/core";

/**
 * Reports to OpenTelemetry through `@opentelemetry/api`, an optional peer: when it is not installed this is `noTelemetry`, so
 * it may be called always. Where the spans go is for the application to set up with its SDK.
 */
export async function openTelemetry(): Promise<Telemetry> {
  let api: typeof import("@opentelemetry/api");
  try {
    api = await import("@opentelemetry/api");
  } catch {
    return noTelemetry;
  }
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const meter = (): ReturnType<typeof api.metrics.getMeter> => api.metrics.getMeter(scope);
  return {
    span(name, attributes) {
      const span = api.trace.getTracer(scope).startSpan(name, { attributes: defined(attributes) });
      return {
        set: (more) => void span.setAttributes(defined(more)),
        end(error) {
          if (error !== undefined) {
            // The code, not the error itself: a recorded exception would carry message and stack.
            const { code, name: kind } = error as { readonly code?: unknown; readonly name?: unknown };
            span.setStatus({ code: api.SpanStatusCode.ERROR, message: word(code) ?? word(kind) ?? "error" });
          }
          span.end();
        },
      };
    },
    count(name, attributes, by = 1) {
      let counter = counters.get(name);
      if (!counter) {
        counter = meter().createCounter(name);
        counters.set(name, counter);
      }
      counter.add(by, defined(attributes));
    },
    gauge(name, read) {
      const gauge = meter().createObservableGauge(name);
      const onCollect: ObservableCallback = (result) => {
        for (const [value, attributes] of read()) result.observe(value, defined(attributes));
      };
      gauge.addCallback(onCollect);
      return () => gauge.removeCallback(onCollect);
    },
    record(name, value, attributes) {
      let histogram = histograms.get(name);
      if (!histogram) {
        histogram = meter().createHistogram(name);
        histograms.set(name, histogram);
      }
      histogram.record(value, defined(attributes));
    },
  };
}

/**
 * The same, ready at once: silent until the peer is found to be there, and for good when it is not. What happens in between,
 * the first moments of a process, is not reported.
 */
export function detectTelemetry(): Telemetry {
  let found = noTelemetry;
  // Asked for before it was found out: begun then, unless ended before.
  const awaited = new Set<() => void>();
  void openTelemetry().then((telemetry) => {
    found = telemetry;
    for (const begin of awaited) begin();
  });
  return {
    span: (name, attributes) => found.span(name, attributes),
    count: (name, attributes, by) => found.count(name, attributes, by),
    record: (name, value, attributes) => found.record(name, value, attributes),
    gauge: (name, read) => {
      let stop: (() => void) | undefined;
      const begin = (): void => {
        stop = found.gauge?.(name, read);
      };
      if (found === noTelemetry) awaited.add(begin);
      else begin();
      return () => {
        awaited.delete(begin);
        stop?.();
      };
    },
    isListening: () => found !== noTelemetry,
  };
}

function defined(attributes: Attributes): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) kept[name] = value;
  return kept;
}

function word(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
