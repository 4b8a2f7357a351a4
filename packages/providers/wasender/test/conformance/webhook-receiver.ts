import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RawDelivery } from "@colloquy/core/contract";

export interface WebhookReceiver {
  readonly url: string;
  /** The next delivery as it came, bytes and all. */
  next(): Promise<RawDelivery>;
  close(): Promise<void>;
}

/** A place on loopback that takes webhooks and keeps them. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const arrived: RawDelivery[] = [];
  const waiting: ((delivery: RawDelivery) => void)[] = [];
  const take = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const delivery = { headers, body: new Uint8Array(Buffer.concat(chunks)) };
    outgoing.end();
    const reader = waiting.shift();
    if (reader) reader(delivery);
    else arrived.push(delivery);
  };
  const server = createServer((incoming, outgoing) => {
    take(incoming, outgoing).catch(() => incoming.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    next: async () => arrived.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
