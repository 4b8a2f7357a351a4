import { hostname } from "node:os";
import type { Worker, WorkerEvent } from "@colloquy/core";
import type { WorkerFlags } from "../commands/worker.js";
import type { Context, Report } from "../context.js";
import { parseDuration } from "../durations.js";
import { withColloquy } from "../open-colloquy.js";
import { shownLocation } from "../open-store.js";
import type { Output } from "../output/output.js";
import { wholeNumber } from "../whole-number.js";
import { type HealthServer, startHealthServer } from "./health-server.js";
import { collectMetrics, type Metrics } from "./metrics.js";

/** `colloquy worker`: until Ctrl-C or SIGTERM. */
export async function workerCommand(context: Context, flags: WorkerFlags): Promise<Report> {
  const { output, signal } = context;
  const leaseMs = parseDuration(flags.lease);
  const graceMs = parseDuration(flags.grace);
  const maxSessions = flags.max === undefined ? undefined : wholeNumber("max", flags.max);
  const port = flags.healthPort === undefined ? undefined : wholeNumber("health-port", flags.healthPort);
  const metrics = port === undefined ? undefined : await collectMetrics();
  try {
    return await withColloquy(
      context,
      async ({ colloquy, path }) => {
        const worker = colloquy.work({
          name: flags.name ?? `${hostname()}-${process.pid}`,
          leaseMs,
          ...(maxSessions === undefined ? {} : { maxSessions }),
          ...(flags.provider ? { providerIds: flags.provider } : {}),
          details: { host: hostname(), pid: process.pid },
          onEvent: (event) => tell(output, event),
        });
        const health = metrics && (await serveHealth(worker, metrics, flags.healthHost, port ?? 0));
        output.line(`Worker ${worker.name} runs sessions of ${shownLocation(path)}. Ctrl-C hands them over.`);
        if (health) output.line(`Health and metrics: ${health.url}/readyz, ${health.url}/metrics`);
        output.event("working", { name: worker.name, ...(health ? { url: health.url } : {}) });
        await aborted(signal);
        const { handedOver, freed } = await worker.stop({ graceMs });
        await health?.close();
        output.line(`Stopped: ${handedOver} sessions handed over, ${freed} left for the next worker.`);
        return { fields: { name: worker.name, handedOver, freed } };
      },
      { named: flags.provider ?? "all" },
    );
  } finally {
    await metrics?.close();
  }
}

async function serveHealth(worker: Worker, metrics: Metrics, host: string, port: number): Promise<HealthServer> {
  let isReady = false;
  void worker.ready.then(() => {
    isReady = true;
  });
  return startHealthServer({ host, port, metrics, status: () => worker.status(), isReady: () => isReady });
}

function tell(output: Output, event: WorkerEvent): void {
  const { type } = event;
  if (type === "failed") output.line(`failed       ${event.sessionId}  ${event.error.code}`);
  else if (type === "store_away") output.line(`store away   ${event.error.code}`);
  else if (type === "store_back") output.line("store back");
  else if (type === "handed_over") output.line(`handed over  ${event.sessionId}  to ${event.to ?? "whoever comes"}`);
  else output.line(`${type.padEnd(11)}  ${event.sessionId}  epoch ${event.epoch}`);
  const { type: _type, ...fields } = "error" in event ? { ...event, error: { code: event.error.code } } : event;
  output.event(type, fields);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
