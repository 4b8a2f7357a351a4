import { type Colloquy, createColloquy, memoryStore, type Session } from "@colloquy/core";
import {
  type Emulator,
  findNatsServer,
  type NatsServer,
  type NatsServerOptions,
  natsServer,
  type OrgDials,
  startEmulator,
} from "@colloquy/emulator";
import { onTestFinished } from "vitest";
import { type OrgNatsOptions, type OrgNatsProvider, type OrgSessionInput, orgNats } from "../../src/index.js";

/** Whether there is a real nats-server. Says so when not. */
export const hasNats: boolean = await findNatsServer().then(
  () => true,
  (error: unknown) => {
    console.info(`SKIP tests over a real nats-server: ${error instanceof Error ? error.message : "none found"}`);
    return false;
  },
);

/** A nats-server that ends with the test. */
export async function startNats(options: NatsServerOptions = {}): Promise<NatsServer> {
  const server = await natsServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** The organisation's servers, with a client in front of them. Both end with the test. */
export interface Office {
  readonly org: Emulator["org"];
  readonly colloquy: Colloquy<readonly [OrgNatsProvider]>;
  /** A session that waits for its question. */
  waiting(input?: OrgSessionInput): Promise<Session<OrgNatsProvider>>;
}

export interface OfficeOptions {
  readonly dials?: Partial<OrgDials>;
  readonly provider?: OrgNatsOptions;
  readonly nats?: NatsServer;
}

export async function startOffice({ dials = {}, provider = {}, nats }: OfficeOptions): Promise<Office> {
  const { org, close } = await startEmulator({ org: { dials, ...(nats ? { publish: nats.publish } : {}) } });
  const colloquy = createColloquy({
    providers: [orgNats({ baseUrl: org.sessionsUrl, nats: nats ? { servers: nats.url } : false, ...provider })],
    store: memoryStore(),
    transport: { limits: { backoffBaseMs: 1 } },
  });
  onTestFinished(async () => {
    await colloquy.shutdown({ graceMs: 0 });
    await close();
  });
  return {
    org,
    colloquy,
    async waiting(input = { receptionChannelId: "human" }) {
      const session = await colloquy.sessions.create("org-nats", input);
      await session.start();
      await session.waitFor("waiting", { timeoutMs: 30_000 });
      return session;
    },
  };
}

/** Looks again and again, for a minute at most. */
export async function until(holds: () => boolean): Promise<void> {
  const endAtMs = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > endAtMs) throw new Error("It never came to that.");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
