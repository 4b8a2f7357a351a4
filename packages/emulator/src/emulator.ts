import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type AtlusEmulator, createAtlus } from "./atlus/atlus.js";
import type { AtlusEmulatorOptions } from "./atlus/options.js";
import { createAtlusServer } from "./atlus/server.js";
import { type EmulatorClock, realClock } from "./clock.js";
import { createControlApp } from "./control/app.js";
import { createModels, type ModelsEmulator } from "./models/models.js";
import type { ModelsEmulatorOptions } from "./models/options.js";
import { createModelsServer } from "./models/server.js";
import type { OrgEmulatorOptions } from "./org/options.js";
import { createOrg, type OrgEmulator, stopOrg } from "./org/org.js";
import { createOrgServer } from "./org/server.js";
import { mountSsm } from "./ssm/mount.js";
import type { SsmEmulatorOptions } from "./ssm/options.js";
import type { SsmEmulator } from "./ssm/ssm.js";
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
  /** Off unless asked for: its sessions run real shells and commands, as the user who starts the emulator. */
  ssm?: true | SsmEmulatorOptions;
  atlus?: AtlusEmulatorOptions;
  org?: OrgEmulatorOptions;
  models?: ModelsEmulatorOptions;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`. Open it in a browser to play the phone. */
  readonly url: string;
  readonly wasender: WasenderEmulator;
  /** There when the options asked for it. */
  readonly ssm?: SsmEmulator;
  readonly atlus: AtlusEmulator;
  readonly org: OrgEmulator;
  /** Model endpoints as Ollama, OpenAI and Anthropic have them. */
  readonly models: ModelsEmulator;
  /** Closes sockets, timers and webhooks at once. Requests under way are cut off. */
  close(): Promise<void>;
}

export interface EmulatorWithSsm extends Emulator {
  readonly ssm: SsmEmulator;
}

/** Longer than any client keeps an idle connection, so that none is closed under a request that is just leaving. */
const keepAliveMs = 120_000;

/** Starts the emulators of this package on loopback. Throws when the port is taken or an option makes no sense. */
export function startEmulator(options: EmulatorOptions & { ssm: true | SsmEmulatorOptions }): Promise<EmulatorWithSsm>;
export function startEmulator(options?: EmulatorOptions): Promise<Emulator>;
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, seed = 1, clock = realClock } = options;
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 });
  const url = await listen(server, port);
  try {
    const { account, wasender } = createWasender(url, clock, seed, options.wasender ?? {});
    const serveWasender = createWasenderServer(account);
    const { state: atlusState, atlus } = createAtlus(url, clock, seed, options.atlus ?? {});
    const serveAtlus = createAtlusServer(atlusState);
    const { state: orgState, org } = createOrg(url, clock, seed, options.org ?? {});
    const serveOrg = createOrgServer(orgState);
    const { state: modelsState, models } = createModels(url, clock, seed, options.models ?? {});
    const serveModels = createModelsServer(modelsState);
    const asked = options.ssm;
    const mounted = asked && mountSsm(server, url, clock, seed, asked === true ? {} : asked);
    const serveControl = getRequestListener(
      createControlApp(url, clock, wasender, { atlus, org, models }, mounted?.ssm).fetch,
      {
        overrideGlobalObjects: false,
      },
    );
    server.on("request", (incoming, outgoing) => {
      const path = incoming.url ?? "";
      const isProvider = /^\/wasender\/(api|media)\//.test(path);
      const isAtlus = /^\/atlus(?:[/?]|$)/.test(path);
      const isModels = path.startsWith("/models/");
      const serveOther = isModels
        ? serveModels
        : isAtlus
          ? serveAtlus
          : path.startsWith("/org/")
            ? serveOrg
            : serveControl;
      const serve = isProvider ? serveWasender : serveOther;
      const served = (mounted?.handlerOf(incoming) ?? serve)(incoming, outgoing);
      served.catch((error: unknown) => {
        // A client that goes away while it sends its body is no fault of anybody.
        if (incoming.destroyed || outgoing.headersSent) return void outgoing.destroy();
        outgoing.writeHead(500, { "Content-Type": "text/plain" }).end(`The emulator failed: ${String(error)}\n`);
      });
    });
    const close = (): Promise<void> => {
      mounted?.close();
      account.timers.cancelAll();
      account.courier.forget();
      atlusState.timers.cancelAll();
      modelsState.timers.cancelAll();
      stopOrg(orgState);
      return closeServer(server);
    };
    return { url, wasender, atlus, org, models, close, ...(mounted && { ssm: mounted.ssm }) };
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
