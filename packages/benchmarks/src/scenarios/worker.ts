// A client's process: carries out one job at a time for the bench and tells what became of each send.

import { setTimeout as delay } from "node:timers/promises";
import { isColloquyError } from "@colloquy/core";
import { subjectNamed } from "../subjects/index.js";
import type { Client, ClientOptions } from "../subjects/subject.js";
import type { PlannedSend, SendOutcome, ToldFate } from "./scenario.js";

export interface ClientJob extends ClientOptions {
  readonly subject: string;
  readonly sends: readonly PlannedSend[];
}

export interface ClientResult {
  /** Unix instants with fractions, so that several processes can be told together. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcomes: readonly SendOutcome[];
  /** CPU of the whole job. */
  readonly cpuMs: number;
}

/** Whoever has not heard of a send by then has lost it. */
const longestJobMs = 90_000;

const now = (): number => performance.timeOrigin + performance.now();

async function carryOut(job: ClientJob): Promise<ClientResult> {
  const client = subjectNamed(job.subject).open(job);
  const cpu = process.cpuUsage();
  const startedAtMs = now();
  const outcomes: SendOutcome[] = [];
  const end = new AbortController();
  const all = Promise.all(job.sends.map(async (send) => void outcomes.push(await sendOne(client, send))));
  await Promise.race([all, delay(longestJobMs, undefined, { signal: end.signal }).catch(() => {})]);
  end.abort();
  const endedAtMs = now();
  const { user, system } = process.cpuUsage(cpu);
  await client.close();
  return { startedAtMs, endedAtMs, outcomes: [...outcomes], cpuMs: (user + system) / 1_000 };
}

async function sendOne(client: Client, { id, session, atMs, isUrgent }: PlannedSend): Promise<SendOutcome> {
  if (atMs > 0) await delay(atMs);
  const askedAtMs = now();
  let fate: ToldFate = "sent";
  try {
    await client.send({ id, session, ...(isUrgent ? { isUrgent } : {}) });
  } catch (error) {
    fate = isColloquyError(error) && error.outcome === "unknown" ? "unknown" : "failed";
    if (process.env["BENCH_ERRORS"]) console.error(error);
  }
  return { id, fate, waitMs: now() - askedAtMs };
}

process.on("message", (job: ClientJob) => {
  void carryOut(job).then((result) => process.send?.(result));
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
