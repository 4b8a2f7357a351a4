import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  event: string;
  timestamp: number;
  sessionId?: string;
  data: unknown;
  signature: string | undefined;
}

export interface Receiver {
  readonly url: string;
  /** Everything that came, in order of arrival. */
  readonly received: Received[];
  events(): string[];
  close(): Promise<void>;
}

/** A webhook receiver on loopback that keeps what it gets. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const envelope = JSON.parse(Buffer.concat(chunks).toString()) as Omit<Received, "signature">;
      received.push({ ...envelope, signature: incoming.headers["x-webhook-signature"] as string | undefined });
      outgoing.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    events: () => received.map(({ event }) => event),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
