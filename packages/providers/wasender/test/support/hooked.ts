import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { WasenderWebhookEvent } from "../../src/index.js";
import type { Service } from "./service.js";

/** Puts a receiver behind the session's webhooks, which gives each delivery to the session. Ends with the returned function. */
export async function receiveWebhooks(
  { session }: Service,
  webhookEvents: readonly WasenderWebhookEvent[],
): Promise<() => Promise<void>> {
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    await session.receive({ headers, body: Buffer.concat(chunks) });
    response.end();
  };
  const server = createServer((request, response) => {
    take(request, response).catch(() => request.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  await session.provider.sessions.update({ webhookUrl, webhookEnabled: true, webhookEvents: [...webhookEvents] });
  return () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
}
