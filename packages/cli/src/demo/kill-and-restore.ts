import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fateInStore } from "../sending/resume.js";
import { openDemoColloquy, type Stage, sessionOf, toldWindowMs } from "./stage.js";

const messageCount = 8;
const killAfterCount = 3;
const lookEveryMs = 5;

/** Another process sends a batch and is killed in the middle of it; this one takes the session over and finishes. */
export async function killAndRestore(stage: Stage): Promise<void> {
  const { narrator, ledger } = stage;
  narrator.section("A process is killed in the middle of a batch, and another one goes on");
  const sessionId = sessionOf(stage).id;
  const messages = Array.from({ length: messageCount }, (_, index) => ({
    id: `batch-${index + 1}`,
    to: `+1555020${1 + (index % 4)}`,
    text: `Invoice ${index + 1}`,
  }));
  for (const { id, text } of messages) ledger.accept(id, text);
  stage.reception.hand(undefined);
  await stage.colloquy.shutdown();
  narrator.beat("This process lets go of the session.");

  ledger.killedAfter = await killWorker(stage, sessionId, messages);
  narrator.beat(`kill -9 after ${ledger.killedAfter} of ${messageCount}.`, { killedAfter: ledger.killedAfter });

  const restoredAtMs = Date.now();
  stage.colloquy = openDemoColloquy(stage.emulator, stage.storePath);
  const session = (await stage.colloquy.sessions.restore()).find(({ id }) => id === sessionId);
  if (session === undefined) throw new Error("The session was not restored.");
  stage.session = session;
  stage.reception.hand(session);
  await session.drain();
  for (const row of await session.outbox())
    if (ledger.fates.get(row.id)?.state === "queued") ledger.settle(fateInStore(row, row.id));
  const unknown = messages.filter(({ id }) => ledger.fates.get(id)?.state === "unknown");
  narrator.beat(
    `Restored from SQLite and finished in ${Date.now() - restoredAtMs} ms; in flight when it died, so unknown: ${unknown.length}.`,
  );
}

/** Resolves with how many messages of the batch the provider had taken when the worker was dead. */
async function killWorker(stage: Stage, sessionId: string, messages: readonly object[]): Promise<number> {
  const { context, emulator, folder, narrator, storePath } = stage;
  const file = join(folder, "batch.ndjson");
  await writeFile(file, messages.map((message) => JSON.stringify(message)).join("\n"), { mode: 0o600 });
  const before = emulator.wasender.sent.length;
  const [executable = process.execPath, ...self] = context.io.self;
  const worker = spawn(executable, [...self, "send", sessionId, "--file", file, "--store", storePath, "--json"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...context.io.environment,
      WASENDER_BASE_URL: emulator.wasender.baseUrl,
      WASENDER_PERSONAL_ACCESS_TOKEN: emulator.wasender.personalAccessToken,
      WASENDER_ACCOUNT_PROTECTION_WINDOW_MS: String(toldWindowMs),
      COLLOQUY_SECRET_KEY: "",
    },
  });
  narrator.beat(`Process ${worker.pid} sends a batch of ${messages.length}: colloquy send Shop --file batch.ndjson`);
  await takenByProvider(stage, worker, before + killAfterCount);
  const dead = once(worker, "exit");
  worker.kill("SIGKILL");
  await dead;
  return emulator.wasender.sent.length - before;
}

async function takenByProvider({ context, emulator }: Stage, worker: ChildProcess, count: number): Promise<void> {
  let complaint = "";
  worker.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  while (emulator.wasender.sent.length < count) {
    if (worker.exitCode !== null)
      throw new Error(`The second process ended by itself with ${worker.exitCode}. ${complaint}`);
    if (context.signal.aborted) worker.kill("SIGKILL");
    context.signal.throwIfAborted();
    await pause(lookEveryMs);
  }
}
