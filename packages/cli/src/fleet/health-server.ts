import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { WorkerStatus } from "@colloquy/core";
import type { Metrics } from "./metrics.js";

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface HealthOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  readonly status: () => WorkerStatus;
  /** The first look at the store is over. */
  readonly isReady: () => boolean;
}

/**
 * `/healthz`: the process lives. `/readyz`: it takes part, 503 before its first look, while the store is away, and while it
 * stops. `/metrics`: for Prometheus.
 */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const { host, port, metrics, status, isReady } = options;
  const server = createServer((request, response) => {
    const answer = (code: number, body: unknown): void => {
      response.writeHead(code, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
    };
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (request.method !== "GET" && request.method !== "HEAD") return answer(405, { error: "GET only" });
    if (pathname === "/metrics") return metrics.serve(request, response);
    if (pathname === "/healthz") return answer(200, { ok: true });
    if (pathname !== "/readyz") return answer(404, { error: "Not found: /healthz, /readyz, /metrics." });
    const { name, sessions, members, storeIsAway, isStopping } = status();
    const ok = isReady() && !storeIsAway && !isStopping;
    answer(ok ? 200 : 503, {
      ok,
      name,
      sessionCount: sessions.length,
      workerCount: members.length,
      storeIsAway,
      isStopping,
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
