import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ReferenceBackend, type ReferenceBackendOptions } from "./reference-backend.js";

/** The reference service on loopback. Beside the socket, a test can reach everything behind it. */
export interface ReferenceService {
  /** `http://127.0.0.1:PORT`, the provider's `baseUrl`. */
  readonly url: string;
  readonly personalAccessToken: string;
  readonly backend: ReferenceBackend;
  /** Cuts off what is under way. */
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startReferenceService(options: ReferenceBackendOptions = {}): Promise<ReferenceService> {
  const backend = new ReferenceBackend(options);
  const server = createServer((incoming, outgoing) => {
    serve(backend, incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    personalAccessToken: backend.personalAccessToken,
    backend,
    close: () => close(server),
  };
}

async function serve(backend: ReferenceBackend, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  const given = backend.handle({
    method: incoming.method ?? "GET",
    path: decodeURIComponent((incoming.url ?? "/").split("?")[0] as string),
    headers,
    body: Buffer.concat(chunks).toString("utf8"),
  });
  if (!given) return void incoming.socket.destroy();
  outgoing.writeHead(given.status, given.headers).end(given.text);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
