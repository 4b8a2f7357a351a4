import { sleep } from "../../../src/clock.js";
import type { LimitRule } from "../../../src/contract/index.js";
import type { Logger } from "../../../src/logger.js";
import { seededRandom } from "../../../src/random.js";
import { noTelemetry } from "../../../src/telemetry.js";
import { type VirtualClock, virtualClock } from "../../../src/testing/virtual-clock.js";
import { Account, lineKeyOf } from "../../../src/transport/account.js";
import type { BucketView } from "../../../src/transport/exchange.js";
import { Gate } from "../../../src/transport/gate.js";
import { localBudget } from "../../../src/transport/shared/local-budget.js";
import type { SharedAnswer, SharedBudget, SharedCall } from "../../../src/transport/shared/shared-budget.js";
import { Sharing } from "../../../src/transport/shared/sharing.js";
import { clockWake } from "../../../src/transport/wake.js";
import { fakeProvider, fakeSession, send } from "../fake-provider.js";
import type { LimitShape } from "../simulated-server.js";

export interface Process {
  /** How many it sends, all at once. */
  readonly sendCount: number;
  /** When it begins, from the start. Default 0. */
  readonly fromMs?: number;
  /** It is killed then: nothing of it goes on. */
  readonly untilMs?: number;
  /** How far its clock is ahead of the others. Default 0. */
  readonly clockAheadMs?: number;
}

export interface SharedDrainOptions {
  readonly shape: LimitShape;
  readonly known: readonly LimitRule[];
  readonly processes: readonly Process[];
  /** Headers on every answer: limit, remaining, reset. Default false. */
  readonly tells?: boolean;
  /** One way to the provider. Default 0.5 to 0.5. */
  readonly latencyMs?: readonly [least: number, most: number];
  /** One way to the budget. Default 0.3 to 0.7. */
  readonly budgetMs?: readonly [least: number, most: number];
  /** What becomes of a call of the budget at this instant, from the start. Default: it is carried out. */
  readonly weather?: (atMs: number) => "fine" | "refuses" | "frozen" | "deaf";
  /** Instants at which the budget forgets everything. */
  readonly flushAtMs?: readonly number[];
  readonly seed?: number;
}

export interface SharedDrained {
  readonly durationMs: number;
  readonly accepted: readonly { readonly atMs: number; readonly process: number }[];
  readonly refusedAtMs: readonly number[];
  readonly calls: number;
  readonly events: readonly string[];
  /** By process. */
  readonly sent: readonly number[];
  readonly views: () => readonly (readonly BucketView[])[];
  readonly armed: number;
}

/** Several processes, each with a gate and a clock of its own, share one budget and one provider in virtual time. */
export async function sharedDrain(options: SharedDrainOptions): Promise<SharedDrained> {
  const clock = virtualClock();
  const random = seededRandom(options.seed ?? 1);
  const startMs = clock.now();
  const since = (): number => clock.now() - startMs;
  const accepted: { readonly atMs: number; readonly process: number }[] = [];
  const refusedAtMs: number[] = [];
  const events: string[] = [];
  const sent = options.processes.map(() => 0);
  const views: (() => readonly BucketView[])[] = [];
  const broker = faultyBudget(options, clock, random, since);
  let calls = 0;
  let endMs = startMs;

  for (const [place, { sendCount, fromMs = 0, untilMs, clockAheadMs = 0 }] of options.processes.entries()) {
    const own = shifted(clock, clockAheadMs);
    const isDead = (): boolean => untilMs !== undefined && since() >= untilMs;
    const gate = new Gate(own, clockWake(own));
    const logger: Logger = { log: (_level, event) => void events.push(`${place} ${event}`) };
    const budget: SharedBudget = {
      name: "test",
      exchange: async (call) => {
        if (isDead()) return new Promise(() => {});
        calls++;
        return broker(call);
      },
      close: async () => {},
    };
    const sharing = new Sharing({ budget, gate, clock: own, random, logger, telemetry: noTelemetry });
    const account = new Account(fakeProvider({ limits: options.known }), 4, sharing);
    const session = fakeSession("ses_a");
    views.push(() => account.views(undefined, own.now(), (bucket) => gate.queuedFor(bucket)));
    const one = async (): Promise<void> => {
      for (let isReturning = false; ; isReturning = true) {
        const grant = await gate.acquire({
          lineKey: lineKeyOf("0", send, session),
          resources: account.resourcesFor(send, session),
          isReturning,
        });
        if (isDead()) return;
        const sentAtMs = own.now();
        await sleep(clock, draw(random, options.latencyMs ?? [0.5, 0.5]));
        const { isAccepted, allowance, retryAfterMs } = options.shape.judge(clock.now());
        if (isAccepted) accepted.push({ atMs: since(), process: place });
        else refusedAtMs.push(since());
        await sleep(clock, draw(random, options.latencyMs ?? [0.5, 0.5]));
        if (isDead()) return;
        const atMs = own.now();
        account.roundTrip.observe(atMs - sentAtMs);
        const { limit, remaining, resetInMs } = allowance;
        const told = options.tells ? { limit, remaining, resetAtMs: atMs + resetInMs } : {};
        const asked = isAccepted ? {} : { retryAfterMs };
        const reading = { bucket: "send", scope: "session" as const, observedAtMs: atMs, ...told, ...asked };
        grant.settle({ kind: "answered", sentAtMs, atMs, isRefused: !isAccepted, readings: [reading] });
        if (isAccepted) break;
      }
      sent[place] = (sent[place] as number) + 1;
      endMs = clock.now();
    };
    clock.setTimer(startMs + fromMs, () => {
      for (let number = 0; number < sendCount; number++) void one();
    });
  }
  const isDone = (): boolean =>
    options.processes.every(
      ({ sendCount, untilMs }, place) => sent[place] === sendCount || (untilMs !== undefined && since() >= untilMs),
    );
  await clock.runUntil(isDone, { limitMs: 600_000 });
  const durationMs = endMs - startMs;
  await clock.advance(5_000);
  return {
    ...{ durationMs, accepted, refusedAtMs, calls, events, sent, armed: clock.armed },
    views: () => views.map((view) => view()),
  };
}

function faultyBudget(
  { budgetMs = [0.3, 0.7], weather = () => "fine", flushAtMs = [] }: SharedDrainOptions,
  clock: VirtualClock,
  random: () => number,
  since: () => number,
): (call: SharedCall) => Promise<SharedAnswer> {
  let budget = localBudget(clock);
  const left = [...flushAtMs];
  return async (call) => {
    await sleep(clock, draw(random, budgetMs));
    if (weather(since()) === "refuses") throw new Error("connection refused");
    while (weather(since()) === "frozen") await sleep(clock, 10);
    while (left[0] !== undefined && since() >= left[0]) {
      left.shift();
      budget = localBudget(clock);
    }
    const answer = await budget.exchange(call);
    // Carried out, and nobody hears of it.
    if (weather(since()) === "deaf") return new Promise(() => {});
    await sleep(clock, draw(random, budgetMs));
    return answer;
  };
}

function shifted(clock: VirtualClock, aheadMs: number): VirtualClock {
  return {
    ...clock,
    now: () => clock.now() + aheadMs,
    setTimer: (atMs, run) => clock.setTimer(atMs - aheadMs, run),
    get armed() {
      return clock.armed;
    },
  };
}

function draw(random: () => number, [least, most]: readonly [number, number]): number {
  return least + random() * (most - least);
}

/** The most that the provider accepted within any `windowMs`. */
export function mostInAnyWindow(atMs: readonly number[], windowMs: number): number {
  const sorted = atMs.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [place, one] of sorted.entries()) {
    while (one - (sorted[first] as number) >= windowMs) first++;
    most = Math.max(most, place - first + 1);
  }
  return most;
}
