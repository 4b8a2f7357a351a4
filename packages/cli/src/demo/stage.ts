import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Colloquy, createColloquy, type Session } from "@colloquy/core";
import { type Emulator, startEmulator } from "@colloquy/emulator";
import { sqliteStore } from "@colloquy/store-sqlite";
import { type WasenderProvider, wasender } from "@colloquy/wasender";
import type { DemoFlags } from "../commands/demo.js";
import type { Context } from "../context.js";
import { openWebhookListener, type WebhookListener } from "../watching/webhook-listener.js";
import { createLedger, type Ledger } from "./ledger.js";
import type { Narrator } from "./narrator.js";
import { createReception, type Reception } from "./reception.js";

export type DemoSession = Session<WasenderProvider>;

/** The pace of account protection at the emulator, shortened from 5 s so that nobody waits for the demo. */
export const protectionWindowMs = 300;

/**
 * What the SDK is told. When an answer came tells when its request was counted, give or take the jitter of the line; here
 * emulator and SDK share one event loop, which on a busy machine jitters by several ms. Of 5 s that is nothing, of 300 ms it is.
 */
export const toldWindowMs = 315;

/** What all sections share. `colloquy` and `session` are replaced when the process that owns them is killed. */
export interface Stage {
  readonly context: Context;
  readonly flags: DemoFlags;
  readonly narrator: Narrator;
  readonly emulator: Emulator;
  readonly folder: string;
  readonly storePath: string;
  readonly webhooks: WebhookListener;
  readonly reception: Reception;
  readonly ledger: Ledger;
  colloquy: Colloquy<readonly [WasenderProvider]>;
  session: DemoSession | undefined;
  close(): Promise<void>;
}

export async function openStage(
  context: Context,
  flags: DemoFlags,
  narrator: Narrator,
  publish: (subject: string, payload: string) => Promise<void>,
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "colloquy-demo-"));
  const storePath = join(folder, "colloquy.db");
  const emulator = await startEmulator({
    org: { publish },
    wasender: {
      dials: { accountProtectionMs: protectionWindowMs, connectDelayMs: 150, deliveredAfterMs: 100, readAfterMs: 200 },
    },
  });
  const reception = createReception();
  const webhooks = await openWebhookListener(0, wasender(), () => reception.session());
  narrator.section("The stage");
  narrator.say(`A double of WasenderAPI listens at ${emulator.url}; no account is needed.`);
  narrator.say(`Sessions are kept in ${storePath} (SQLite). Webhooks arrive at ${webhooks.url}.`);
  const stage: Stage = {
    context,
    flags,
    narrator,
    emulator,
    folder,
    storePath,
    webhooks,
    reception,
    ledger: createLedger(),
    colloquy: openDemoColloquy(emulator, storePath),
    session: undefined,
    async close() {
      await stage.colloquy.shutdown();
      reception.close();
      await webhooks.close();
      await emulator.close();
      if (!flags.keep) await rm(folder, { recursive: true, force: true });
      else narrator.say(`The database is kept: ${storePath}`);
    },
  };
  return stage;
}

/** What an application would write, with the emulator's address and the shortened pace. */
export function openDemoColloquy(
  { wasender: account }: Emulator,
  storePath: string,
): Colloquy<readonly [WasenderProvider]> {
  const { baseUrl, personalAccessToken } = account;
  return createColloquy({
    providers: [wasender({ personalAccessToken, baseUrl, limits: { accountProtectionWindowMs: toldWindowMs } })],
    store: sqliteStore(storePath),
    reconnect: { baseMs: 250 },
  });
}

export function sessionOf({ session }: Stage): DemoSession {
  if (session === undefined) throw new Error("The demo has no session yet.");
  return session;
}

/** The emulator counts its sessions by number. */
export function remoteNumberOf(stage: Stage): number {
  return Number(sessionOf(stage).remoteId);
}
