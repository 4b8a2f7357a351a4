import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isColloquyError, type RawDelivery, type Session } from "@colloquy/core";
import type { Output } from "../output/output.js";
import { usageError } from "../usage-error.js";

export interface WebhookListener {
  readonly url: string;
  close(): Promise<void>;
}

const largestBodyBytes = 1_048_576;

/** Receives webhooks on loopback. A delivery is answered with 200 once it is stored, so none is lost to a crash between. */
export async function openWebhookListener(
  port: number,
  session: Pick<Session, "receive">,
  output?: Output,
): Promise<WebhookListener> {
  const server = createServer((request, response) => {
    receive(request, response, session, output).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(usageError(`Port ${port} cannot be used (${error.code ?? "error"}).`, "Choose another port.")),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}/webhook`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  session: Pick<Session, "receive">,
  output: Output | undefined,
): Promise<void> {
  if (request.method !== "POST") return void response.writeHead(405).end();
  const delivery = await read(request);
  if (delivery === undefined) return void response.writeHead(413).end();
  try {
    await session.receive(delivery);
    response.writeHead(200).end();
  } catch (error) {
    const code = isColloquyError(error) ? error.code : "UNEXPECTED";
    output?.event("delivery_refused", { code });
    output?.line(`a delivery was refused: ${code}`);
    // A forged one must not be told more; our own trouble is worth another try by the provider.
    response.writeHead(code === "WEBHOOK_REJECTED" ? 401 : 503).end();
  }
}

async function read(request: IncomingMessage): Promise<RawDelivery | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBodyBytes) return undefined;
    chunks.push(chunk);
  }
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return { headers: Object.fromEntries(headers), body: Buffer.concat(chunks) };
}
