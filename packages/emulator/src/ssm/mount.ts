import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { EmulatorClock } from "../clock.js";
import { createSsmServer, isSsmRequest } from "./api/server.js";
import { createDataChannel } from "./data-channel.js";
import type { SsmEmulatorOptions } from "./options.js";
import { createSsm, type SsmEmulator } from "./ssm.js";

export interface MountedSsm {
  ssm: SsmEmulator;
  /** How to serve a request of the services' clients; undefined for anybody else's. */
  handlerOf(
    incoming: IncomingMessage,
  ): ((incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>) | undefined;
  /** Ends every process and connection. */
  close(): void;
}

/** Puts the gateway on a server: its data channels by path, its operations by their header. */
export function mountSsm(
  server: Server,
  url: string,
  clock: EmulatorClock,
  seed: number,
  options: SsmEmulatorOptions,
): MountedSsm {
  const { gateway, ssm } = createSsm(url, clock, seed, options);
  const serve = createSsmServer(gateway);
  const channel = createDataChannel(gateway);
  server.on("upgrade", (incoming, socket, head) => {
    if (!channel.upgrade(incoming, socket, head)) socket.destroy();
  });
  return {
    ssm,
    handlerOf: (incoming) => (isSsmRequest(incoming) ? serve : undefined),
    close() {
      gateway.clear();
      channel.close();
    },
  };
}
