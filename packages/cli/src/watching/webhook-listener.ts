import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createWebhookHandler, nodeListener, type WebhookHandlerOptions, type WebhookProvider } from "@colloquy/core";
import type { Output } from "../output/output.js";
import { usageError } from "../usage-error.js";

export interface WebhookListener {
  readonly url: string;
  close(): Promise<void>;
}

/** Receives webhooks on loopback. A delivery is answered with 200 once it is stored, so none is lost to a crash between. */
export async function openWebhookListener(
  port: number,
  provider: WebhookProvider,
  session: NonNullable<WebhookHandlerOptions["session"]>,
  output?: Output,
): Promise<WebhookListener> {
  const handler = createWebhookHandler(provider, {
    session,
    onRefused({ reason }) {
      output?.event("delivery_refused", { reason });
      output?.line(`a delivery was refused: ${reason}`);
    },
  });
  const server = createServer(nodeListener(handler));
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
