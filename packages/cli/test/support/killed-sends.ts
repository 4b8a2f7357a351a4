import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createColloquy, type OutboxRow, seededRandom } from "@colloquy/core";
import { type Emulator, startEmulator } from "@colloquy/emulator";
import { sqliteStore } from "@colloquy/store-sqlite";
import { wasender } from "@colloquy/wasender";
import { start } from "./child.js";
import { checkRound, type RoundResult } from "./kill-check.js";

export interface KillPlan {
  readonly rounds: number;
  readonly messagesPerRound: number;
  readonly seed: number;
  /** Rounds side by side. */
  readonly concurrency: number;
  /** What to run before the arguments. Default: the command line from its sources. */
  readonly commandLine?: readonly string[];
  readonly onRound?: (result: RoundResult) => void;
}

const lookEveryMs = 1;

/** Fast enough that a round takes a second, slow enough that a kill finds messages on the wire. */
const answerAfterMs = 4;

/**
 * In each round one process sends a file of messages and is killed with SIGKILL at a random moment; another one resumes.
 * The kill comes when the provider has taken a random number of messages, and some microseconds to milliseconds later.
 */
export async function killDuringSends(plan: KillPlan): Promise<readonly RoundResult[]> {
  const random = seededRandom(plan.seed);
  const points = Array.from({ length: plan.rounds }, () => ({
    afterCount: Math.floor(random() * (plan.messagesPerRound - 10)) + 1,
    andMs: random() * 2 * answerAfterMs,
  }));
  const results: RoundResult[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < points.length) {
      const round = next++;
      const result = await runRound(round, plan, points[round] as KillPoint);
      results.push(result);
      plan.onRound?.(result);
    }
  };
  await Promise.all(Array.from({ length: plan.concurrency }, work));
  return results.toSorted((a, b) => a.round - b.round);
}

interface KillPoint {
  readonly afterCount: number;
  readonly andMs: number;
}

async function runRound(round: number, plan: KillPlan, point: KillPoint): Promise<RoundResult> {
  const { messagesPerRound, seed } = plan;
  const folder = mkdtempSync(join(tmpdir(), "colloquy-kill-"));
  const emulator = await startEmulator({
    seed: seed + round,
    wasender: { dials: { latencyMs: answerAfterMs, rateLimits: { send: { limit: 1_000_000, windowMs: 60_000 } } } },
  });
  try {
    const path = join(folder, "colloquy.db");
    const environment = {
      COLLOQUY_STORE: path,
      COLLOQUY_SECRET_KEY: "",
      WASENDER_BASE_URL: emulator.wasender.baseUrl,
      WASENDER_PERSONAL_ACCESS_TOKEN: emulator.wasender.personalAccessToken,
      WASENDER_SEND_PER_MINUTE: "12000",
    };
    const sessionId = await connectedSession(emulator, path);
    const file = join(folder, "messages.ndjson");
    const messages = Array.from({ length: messagesPerRound }, (_, index) => ({
      id: `r${round}-m${index}`,
      to: `+155502${String(index % 40).padStart(2, "0")}`,
      text: `r${round}-m${index}`,
    }));
    writeFileSync(file, messages.map((message) => JSON.stringify(message)).join("\n"));

    const wasKilled = await killWhileSending(emulator, sessionId, file, environment, point, plan.commandLine);
    const takenAtKill = emulator.wasender.sent.length;
    const resumed = start(["send", sessionId, "--resume", "--json"], environment, plan.commandLine);
    const { exitCode } = await resumed.exited;
    const rows = await storedRows(path, sessionId);
    const { stdout, stderr } = resumed.output;
    return checkRound({
      round,
      messages,
      rows,
      emulator,
      wasKilled,
      takenAtKill,
      resume: { exitCode, stdout, stderr },
    });
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A session whose phone is linked already, in a store that nobody has open any more. */
async function connectedSession(emulator: Emulator, path: string): Promise<string> {
  const { baseUrl, personalAccessToken } = emulator.wasender;
  const colloquy = createColloquy({
    providers: [wasender({ baseUrl, personalAccessToken })],
    store: sqliteStore(path),
  });
  try {
    const session = await colloquy.sessions.create("wasender", {
      name: "Shop",
      phoneNumber: "+15550100",
      accountProtection: false,
    });
    emulator.wasender.setStatus(Number(session.remoteId), "connected");
    await session.start();
    await session.waitFor("connected", { timeoutMs: 20_000 });
    return session.id;
  } finally {
    await colloquy.shutdown();
  }
}

/** False when it had finished before the kill. */
async function killWhileSending(
  emulator: Emulator,
  sessionId: string,
  file: string,
  environment: Readonly<Record<string, string>>,
  { afterCount, andMs }: KillPoint,
  commandLine: readonly string[] | undefined,
): Promise<boolean> {
  const child = start(["send", sessionId, "--file", file, "--json"], environment, commandLine);
  while (child.process.exitCode === null && emulator.wasender.sent.length < afterCount) await pause(lookEveryMs);
  await pause(andMs);
  child.process.kill("SIGKILL");
  return (await child.exited).signal === "SIGKILL";
}

async function storedRows(path: string, sessionId: string): Promise<readonly OutboxRow[]> {
  const store = sqliteStore(path);
  await store.open();
  try {
    return await store.outbox.list(sessionId, { limit: 100_000 });
  } finally {
    await store.close();
  }
}
