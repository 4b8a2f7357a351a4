// A process that sends so many messages at once, as often as it is asked to, and tells what became of them and what was logged.

import { systemClock } from "@colloquy/core";
import { createTransport } from "@colloquy/core/transport";
import { redisBudget } from "../../src/index.js";
import { limitedProvider, send } from "./limited-provider.js";

export interface SendAllJob {
  readonly name: string;
  readonly serverUrl: string;
  readonly redisUrl: string;
  readonly count: number;
  readonly limit: number;
  readonly windowMs: number;
  /** How far this process's clock is ahead, in milliseconds. */
  readonly skewMs: number;
}

export interface SendAllResult {
  readonly sent: number;
  readonly failures: readonly string[];
  readonly events: readonly string[];
}

process.on("message", (job: SendAllJob) => {
  void run(job).then((result) => process.send?.(result));
});

async function run(job: SendAllJob): Promise<SendAllResult> {
  const { name, serverUrl, redisUrl, count, limit, windowMs, skewMs } = job;
  const events: string[] = [];
  const transport = createTransport({
    clock: {
      now: () => systemClock.now() + skewMs,
      setTimer: (atMs, callback) => systemClock.setTimer(atMs - skewMs, callback),
    },
    sharedBudget: redisBudget({ url: redisUrl }),
    logger: { log: (_level, event) => void (event.startsWith("shared_limits") && events.push(event)) },
  });
  const provider = limitedProvider(serverUrl, limit, windowMs);
  const session = { id: `ses_${name}`, settings: {}, secrets: async () => ({}) };
  const failures: string[] = [];
  let sent = 0;
  await Promise.all(
    Array.from({ length: count }, async (_, place) => {
      try {
        await transport.execute({ provider, operation: send, input: { id: `${name}-${place}` }, session });
        sent++;
      } catch (error) {
        failures.push(String(error));
      }
    }),
  );
  await transport.close();
  return { sent, failures, events };
}

process.on("disconnect", () => process.exit());
process.send?.("ready");
