// Two workers on one database: the first is told to stop while messages are queued all the time. Arguments: sessions, messages.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createColloquy, type Session } from "@colloquy/core";
import { sqliteStore } from "@colloquy/store-sqlite";
import { printFigures } from "../measures/measure.js";
import { fill } from "./fill.js";
import { withFolder } from "./folder.js";
import { idleProvider } from "./idle-provider.js";

const [sessionsText = "0", messagesText = "0", workerFile = ""] = process.argv.slice(2);
const sessionCount = Number(sessionsText);
const messageCount = Number(messagesText);

/** Counts what arrives, by its words. */
const arrived = new Map<string, number>();
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (request.method === "POST") {
      const { text } = JSON.parse(Buffer.concat(chunks).toString()) as { text: string };
      arrived.set(text, (arrived.get(text) ?? 0) + 1);
    }
    response.writeHead(200, { "content-type": "application/json" }).end(`{"id":${arrived.size}}`);
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const worker = (name: string, path: string, scanMs: number): ChildProcess =>
  fork(workerFile, [name, path, baseUrl, String(scanMs)], { silent: false });
/** The first one takes everything and does not look again: so it shares nothing before it is told to stop. */
const onceMs = 3_600_000;

await withFolder(async (path) => {
  const store = sqliteStore(path);
  await store.open();
  await fill(store, sessionCount);
  const heldBy = async (owner: string): Promise<number> => (await store.leases.list({ owner })).length;
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    for (let turn = 0; turn < 6_000 && !(await condition()); turn++) await delay(10);
  };

  const first = worker("first", path, onceMs);
  await once(first, "message");
  const second = worker("second", path, 2_000);
  await until(async () => (await store.leases.members()).length === 2);

  const producer = createColloquy({ providers: [idleProvider(baseUrl)], store: { ...store, close: async () => {} } });
  const sessions: Session[] = [];
  for await (const session of producer.sessions.list()) sessions.push(session);
  const queueing = (async () => {
    for (let number = 0; number < messageCount; number++) {
      await sessions[number % sessions.length]?.enqueue([{ to: "somebody", text: `m-${number}` }]);
      await delay(2);
    }
  })();
  await delay(500);
  const startedAtMs = performance.now();
  first.kill("SIGTERM");
  await until(async () => (await heldBy("second")) === sessionCount);
  const handoffMs = performance.now() - startedAtMs;
  await queueing;
  await until(async () => arrived.size === messageCount);
  printFigures({
    handoffMs,
    lost: messageCount - arrived.size,
    duplicates: [...arrived.values()].filter((times) => times > 1).length,
  });
  second.kill("SIGTERM");
  for (const child of [first, second])
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  await store.close();
});
process.exit();
