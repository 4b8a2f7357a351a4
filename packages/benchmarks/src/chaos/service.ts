import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Random } from "@colloquy/core";

export interface Arrival {
  readonly text: string;
  readonly sessionId: string;
  readonly worker: string;
  /** Of the lease under which it was sent. */
  readonly epoch: number;
  /** Of the process that sent it. */
  readonly pid: number;
}

/** What workers send to, and report to. Each has an address of its own, so that the service knows who it was. */
export interface ChaosService {
  addressOf(worker: string): string;
  readonly arrivals: readonly Arrival[];
  /** How often each event was handled to its end. */
  readonly handled: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Loses the answer to some of what it took. */
const lostAnswerShare = 0.01;

export async function chaosService(random: Random): Promise<ChaosService> {
  const arrivals: Arrival[] = [];
  const handled = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [, worker = "", what = "", sessionId = "", noun] = (request.url ?? "").split("/").map(decodeURIComponent);
      const body = Buffer.concat(chunks).toString("utf8");
      if (what === "handled") handled.set(body, (handled.get(body) ?? 0) + 1);
      if (noun === "messages") {
        const sent = JSON.parse(body) as Pick<Arrival, "text" | "epoch" | "pid">;
        arrivals.push({ ...sent, sessionId, worker });
        if (random() < lostAnswerShare) return void response.destroy();
      }
      response.writeHead(200, { "content-type": "application/json" }).end(`{"id":${arrivals.length}}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    addressOf: (worker) => `http://127.0.0.1:${port}/${worker}`,
    arrivals,
    handled,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
