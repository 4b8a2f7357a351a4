import { sleep } from "../../src/clock.js";
import type { LimitRule, RateLimitReading } from "../../src/contract/index.js";
import type { Random } from "../../src/random.js";
import { seededRandom } from "../../src/random.js";
import { type VirtualClock, virtualClock } from "../../src/testing/virtual-clock.js";
import { Account, lineKeyOf } from "../../src/transport/account.js";
import { Gate } from "../../src/transport/gate.js";
import { clockWake } from "../../src/transport/wake.js";
import { fakeProvider, fakeSession, send } from "./fake-provider.js";
import type { LimitShape, Verdict } from "./simulated-server.js";

/** How the server tells of its limit: nothing, or headers with a reset of some precision. */
export type Telling = "nothing" | "fractional" | "whole_seconds" | "timestamp_seconds";

export interface DrainOptions {
  readonly shape: LimitShape;
  readonly sendCount: number;
  /** What is known beforehand. Default: nothing. */
  readonly known?: readonly LimitRule[];
  readonly telling?: Telling;
  /** One way. Default 0.5 to 0.5. */
  readonly latencyMs?: readonly [least: number, most: number];
  /** The way back. Default: as the way there. */
  readonly backMs?: readonly [least: number, most: number];
  /** Clients that do not know of each other, each with its share of the sends. Default 1. */
  readonly clients?: number;
  readonly concurrent?: number;
  /** Part of the ways that take so much longer, as on a busy machine. Default none. */
  readonly stalls?: { readonly part: number; readonly ms: number };
  readonly seed?: number;
  readonly clock?: VirtualClock;
}

export interface Drained {
  readonly durationMs: number;
  readonly refusals: number;
  readonly sent: number;
  /** When the provider accepted each, from the start. */
  readonly acceptedAtMs: readonly number[];
  readonly refusedAtMs: readonly number[];
}

/** Sends all through the real gate against a simulated provider, in virtual time. */
export async function drain(options: DrainOptions): Promise<Drained> {
  const clock = options.clock ?? virtualClock();
  const random = seededRandom(options.seed ?? 1);
  const startMs = clock.now();
  const acceptedAtMs: number[] = [];
  const refusedAtMs: number[] = [];
  let pending = options.sendCount;
  let endMs = startMs;
  const clients = options.clients ?? 1;
  const concurrent = options.concurrent ?? 4;

  for (let client = 0; client < clients; client++) {
    const provider = fakeProvider({ limits: options.known ?? [] });
    const account = new Account(provider, concurrent);
    const gate = new Gate(clock, clockWake(clock));
    const session = fakeSession("ses_a");
    const share = Math.ceil((options.sendCount - client) / clients);
    const way = (latencyMs: DrainOptions["latencyMs"]): number => {
      const { part, ms } = options.stalls ?? { part: 0, ms: 0 };
      return draw(random, latencyMs) + (part > 0 && random() < part ? random() * ms : 0);
    };
    const one = async (): Promise<void> => {
      for (let isReturning = false; ; isReturning = true) {
        const grant = await gate.acquire({
          lineKey: lineKeyOf("0", send, session),
          resources: account.resourcesFor(send, session),
          isReturning,
        });
        const sentAtMs = clock.now();
        await sleep(clock, way(options.latencyMs));
        const verdict = options.shape.judge(clock.now());
        (verdict.isAccepted ? acceptedAtMs : refusedAtMs).push(clock.now() - startMs);
        await sleep(clock, way(options.backMs ?? options.latencyMs));
        const atMs = clock.now();
        account.roundTrip.observe(atMs - sentAtMs);
        grant.settle({
          kind: "answered",
          sentAtMs,
          atMs,
          isRefused: !verdict.isAccepted,
          readings: readingsOf(verdict, options.telling ?? "nothing", atMs),
        });
        if (verdict.isAccepted) break;
      }
      pending--;
      endMs = clock.now();
    };
    for (let place = 0; place < share; place++) void one();
  }
  await clock.runUntil(() => pending === 0);
  return {
    durationMs: endMs - startMs,
    refusals: refusedAtMs.length,
    sent: acceptedAtMs.length,
    acceptedAtMs,
    refusedAtMs,
  };
}

function draw(random: Random, [least, most]: readonly [number, number] = [0.5, 0.5]): number {
  return least + random() * (most - least);
}

function readingsOf(verdict: Verdict, telling: Telling, atMs: number): readonly RateLimitReading[] {
  const reading: { -readonly [Field in keyof RateLimitReading]: RateLimitReading[Field] } = {
    bucket: "send",
    scope: "session",
    observedAtMs: atMs,
  };
  const { limit, remaining, resetInMs } = verdict.allowance;
  if (telling !== "nothing") {
    reading.limit = limit;
    reading.remaining = remaining;
    if (telling === "fractional") reading.resetAtMs = atMs + resetInMs;
    if (telling === "whole_seconds") reading.resetAtMs = atMs + Math.ceil(resetInMs / 1_000) * 1_000;
    if (telling === "timestamp_seconds") reading.resetAtMs = Math.ceil((atMs + resetInMs) / 1_000) * 1_000;
  }
  if (!verdict.isAccepted) reading.retryAfterMs = verdict.retryAfterMs;
  return telling === "nothing" && verdict.isAccepted ? [] : [reading];
}
