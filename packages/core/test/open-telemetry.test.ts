import { type Span as ApiSpan, metrics, SpanStatusCode, type TracerProvider, trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it, vi } from "vitest";
import { detectTelemetry, openTelemetry } from "../src/open-telemetry.js";
import { noTelemetry } from "../src/telemetry.js";

afterEach(() => {
  trace.disable();
  metrics.disable();
  vi.doUnmock("@opentelemetry/api");
  vi.resetModules();
});

/** Registers with the real API, as an SDK would, and keeps what it is told. */
function register(): { readonly told: unknown[] } {
  const told: unknown[] = [];
  const span = {
    setAttributes: (attributes: unknown) => told.push(["set", attributes]),
    setStatus: (status: unknown) => told.push(["status", status]),
    end: () => told.push(["end"]),
  } as unknown as ApiSpan;
  const provider = {
    getTracer: () => ({
      startSpan: (name: string, { attributes }: { attributes: unknown }) => (
        told.push(["start", name, attributes]), span
      ),
    }),
  };
  trace.setGlobalTracerProvider(provider as unknown as TracerProvider);
  metrics.setGlobalMeterProvider({
    getMeter: () => ({
      createCounter: (name: string) => ({
        add: (by: number, attributes: unknown) => told.push(["count", name, by, attributes]),
      }),
      createHistogram: (name: string) => ({
        record: (value: number, attributes: unknown) => told.push(["record", name, value, attributes]),
      }),
      createObservableGauge: (name: string) => ({
        addCallback: (collect: (result: object) => void) =>
          collect({ observe: (value: number, attributes: unknown) => told.push(["gauge", name, value, attributes]) }),
        removeCallback: () => told.push(["gauge ended", name]),
      }),
    }),
  } as never);
  return { told };
}

describe("telemetry through OpenTelemetry", () => {
  it("gives spans, counters and histograms to whatever SDK is registered", async () => {
    const { told } = register();
    const telemetry = await openTelemetry();
    const span = telemetry.span("call", { provider: "fake", sessionId: undefined });
    span.set({ attempts: 2 });
    span.end();
    telemetry.count("calls", { outcome: "ok" });
    telemetry.count("calls", {}, 3);
    telemetry.record("wait_ms", 5, {});
    const stop = telemetry.gauge?.("queued", () => [[7, { bucket: "send", shape: undefined }]]);
    stop?.();
    expect(told).toEqual([
      ["start", "call", { provider: "fake" }],
      ["set", { attempts: 2 }],
      ["end"],
      ["count", "calls", 1, { outcome: "ok" }],
      ["count", "calls", 3, {}],
      ["record", "wait_ms", 5, {}],
      ["gauge", "queued", 7, { bucket: "send" }],
      ["gauge ended", "queued"],
    ]);
  });

  it("tells a failure by its code, not by its words", async () => {
    const { told } = register();
    const telemetry = await openTelemetry();
    telemetry.span("call", {}).end(Object.assign(new Error("canary words"), { code: "RATE_LIMITED" }));
    telemetry.span("call", {}).end(new TypeError("canary words"));
    expect(told).toContainEqual(["status", { code: SpanStatusCode.ERROR, message: "RATE_LIMITED" }]);
    expect(told).toContainEqual(["status", { code: SpanStatusCode.ERROR, message: "TypeError" }]);
    expect(JSON.stringify(told)).not.toContain("canary");
  });

  it("is nothing at all without the peer", async () => {
    vi.doMock("@opentelemetry/api", () => {
      throw new Error("Cannot find package");
    });
    expect(await openTelemetry()).toBe(noTelemetry);
    const detected = detectTelemetry();
    await vi.waitFor(() => expect(detected.isListening?.()).toBe(false));
    detected.span("call", {}).end();
  });

  it("is found by itself, and silent until then", async () => {
    const { told } = register();
    const detected = detectTelemetry();
    expect(detected.isListening?.()).toBe(false);
    detected.count("early", {});
    await vi.waitFor(() => expect(detected.isListening?.()).toBe(true));
    detected.count("late", {});
    expect(told).toEqual([["count", "late", 1, {}]]);
  });
});
