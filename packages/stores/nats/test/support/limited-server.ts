import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A provider on this machine that takes at most `limit` requests in any `windowMs`, by the instant at which it sees them. */
export interface LimitedServer {
  readonly url: string;
  readonly acceptedIds: readonly string[];
  readonly acceptedAtMs: readonly number[];
  readonly refusedAtMs: readonly number[];
}

export async function limitedServer(limit: number, windowMs: number): Promise<LimitedServer> {
  const acceptedIds: string[] = [];
  const acceptedAtMs: number[] = [];
  const refusedAtMs: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const nowMs = performance.now();
      const oldest = acceptedAtMs.at(-limit);
      const waitMs = oldest === undefined ? 0 : Math.max(0, oldest + windowMs - nowMs);
      response.setHeader("Content-Type", "application/json");
      if (waitMs > 0) {
        refusedAtMs.push(nowMs);
        response.writeHead(429, { "Retry-After": (Math.ceil(waitMs) / 1_000).toFixed(3) }).end("{}");
        return;
      }
      acceptedAtMs.push(nowMs);
      acceptedIds.push((JSON.parse(Buffer.concat(chunks).toString("utf8")) as { readonly id: string }).id);
      response.end("{}");
    });
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, acceptedIds, acceptedAtMs, refusedAtMs };
}
