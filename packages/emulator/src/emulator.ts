import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type EmulatorClock, realClock } from "./clock.js";
import { createControlApp } from "./control/app.js";
import type { WasenderEmulatorOptions } from "./wasender/options.js";
import { createWasenderServer } from "./wasender/server.js";
import { createWasender, type WasenderEmulator } from "./wasender/wasender.js";

export interface EmulatorOptions {
  /** Default 0: a free port. The emulator listens on 127.0.0.1 only. */
  port?: number;
  /** Seeds tokens, keys, QR strings, message ids and random faults. Default 1. */
  seed?: number;
  /** Where the time comes from; every delay, limit and lifetime goes through it. Default: real time. */
  clock?: EmulatorClock;
  wasender?: WasenderEmulatorOptions;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`. Open it in a browser to play the phone. */
  readonly url: string;
  readonly wasender: WasenderEmulator;
  /** Closes sockets, timers and webhooks at once. Requests under way are cut off. */
  close(): Promise<void>;
}

/** Longer than any client keeps an idle connection, so that none is closed under a request that is just leaving. */
const keepAliveMs = 120_000;

/** Starts the emulators of this package on loopback. Throws when the port is taken or an option makes no sense. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, seed = 1, clock = realClock } = options;
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 });
  const url = await listen(server, port);
  try {
    const { account, wasender } = createWasender(url, clock, seed, options.wasender ?? {});
    const serveWasender = createWasenderServer(account);
    const serveControl = getRequestListener(createControlApp(url, clock, wasender).fetch, {
      overrideGlobalObjects: false,
    });
    server.on("request", (incoming, outgoing) => {
      const isProvider = /^\/wasender\/(api|media)\//.test(incoming.url ?? "");
      const served = isProvider ? serveWasender(incoming, outgoing) : serveControl(incoming, outgoing);
      served.catch((error: unknown) => {
        // A client that goes away while it sends its body is no fault of anybody.
        if (incoming.destroyed || outgoing.headersSent) return void outgoing.destroy();
        outgoing.writeHead(500, { "Content-Type": "text/plain" }).end(`The emulator failed: ${String(error)}\n`);
      });
    });
    const close = (): Promise<void> => {
      account.timers.cancelAll();
      account.courier.forget();
      return closeServer(server);
    };
    return { url, wasender, close };
  } catch (error) {
    await closeServer(server);
    throw error;
  }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
