// What sessions weigh that are connected and do nothing. Arguments: sessions, seconds to watch.

import { setTimeout as delay } from "node:timers/promises";
import { createColloquy } from "@colloquy/core";
import { sqliteStore } from "@colloquy/store-sqlite";
import { printFigures } from "../measures/measure.js";
import { settledBytes } from "../measures/memory.js";
import { fill } from "./fill.js";
import { withFolder } from "./folder.js";
import { idleProvider } from "./idle-provider.js";

const answer = async (config: unknown): Promise<unknown> => ({
  status: 200,
  statusText: "OK",
  headers: {},
  data: Buffer.from("{}"),
  config,
});

const [countText = "0", secondsText = "20"] = process.argv.slice(2);
const count = Number(countText);

await withFolder(async (path) => {
  const store = sqliteStore(path);
  await store.open();
  await fill(store, count);
  const transport = { adapter: answer as never };
  const colloquy = createColloquy({ providers: [idleProvider()], store, transport });
  const before = await settledBytes();
  const startedAtMs = performance.now();
  const sessions = await colloquy.sessions.restore();
  const restoreMs = performance.now() - startedAtMs;
  const deadlineMs = performance.now() + 300_000;
  while (sessions.some(({ state }) => state !== "connected") && performance.now() < deadlineMs) await delay(50);
  const connectedMs = performance.now() - startedAtMs;
  const after = await settledBytes();

  // Looks of the first minute come together after a restore; what is counted is any stretch of time after that.
  const cpuBefore = process.cpuUsage();
  const watchedFromMs = performance.now();
  await delay(Number(secondsText) * 1_000);
  const { user, system } = process.cpuUsage(cpuBefore);
  const watchedS = (performance.now() - watchedFromMs) / 1_000;

  const some = sessions.slice(0, 1_000);
  const transitionsFromMs = performance.now();
  await Promise.all(some.map((session) => session.suspend()));
  await Promise.all(some.map((session) => session.resume()));
  const transitionsS = (performance.now() - transitionsFromMs) / 1_000;
  printFigures({
    bytesEach: (after - before) / count,
    cpuUsPerSessionSecond: (user + system) / count / watchedS,
    restoreMs,
    connectedMs,
    transitionsPerSecond: (2 * some.length) / transitionsS,
  });
  await colloquy.shutdown({ graceMs: 0 });
});
process.exit();
