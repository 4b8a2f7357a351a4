import type { IncomingMessage, ServerResponse } from "node:http";

/** What Prometheus reads, with the way to end it. */
export interface Metrics {
  serve(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/** Collects what core reports to OpenTelemetry. To be called before Colloquy is made. */
export async function collectMetrics(): Promise<Metrics> {
  const [{ metrics }, { MeterProvider }, { PrometheusExporter }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-metrics"),
    import("@opentelemetry/exporter-prometheus"),
  ]);
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  metrics.setGlobalMeterProvider(provider);
  return {
    serve: (request, response) => exporter.getMetricsRequestHandler(request, response),
    async close() {
      metrics.disable();
      await provider.shutdown();
    },
  };
}
