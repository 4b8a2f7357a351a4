import type { LimitPlan } from "../server/plan.js";
import { clusteredBottleneck, drainPeers, queueingPeers } from "../subjects/index.js";
import { fairness, faults } from "./behaviour.js";
import { type Bar, type DrainOptions, drain, type TrafficScenario } from "./scenario.js";

/** `quick` has fewer sends and fewer peers, for CI. */
export type Size = "full" | "quick";

const us = "Colloquy";
const everyone = [us, ...drainPeers.map(({ name }) => name)];
/** The best of each kind, where all would take an hour. */
const shortlist = [us, "axios in a loop", "axios + axios-retry + Bottleneck", "p-queue + ky", "@discordjs/rest"];
const quickPair = [us, "axios in a loop"];
const blindEveryone = [us, ...drainPeers.filter((peer) => !peer.needsKnownLimit).map(({ name }) => name)];
const blindShortlist = [us, "axios in a loop", "@discordjs/rest"];

const fixed30: LimitPlan = { scope: "account", shape: "fixed", limit: 30, windowMs: 1_000 };
const perSession30: LimitPlan = { ...fixed30, scope: "session" };
const halvedThenDoubled: LimitPlan = {
  ...perSession30,
  steps: [
    { fromMs: 3_500, limit: 15 },
    { fromMs: 6_500, limit: 30 },
  ],
};
const changesSoon: LimitPlan = {
  ...perSession30,
  steps: [
    { fromMs: 1_500, limit: 15 },
    { fromMs: 2_500, limit: 30 },
  ],
};

const time = (limit: number): Bar => ({ figure: "overMinimum", limit });
const refusals = (limit: number): Bar => ({ figure: "refusals", limit });
const laterRefusals: Bar = { figure: "laterRefusals", limit: 0 };
const settledRefusals: Bar = { figure: "settledRefusals", limit: 0 };
const share: Bar = { figure: "refusedShare", limit: 0.02 };

/** Everything that is measured over the wire. Names are stable: others refer to them. */
export function trafficScenarios(size: Size): readonly TrafficScenario[] {
  const isQuick = size === "quick";
  const count = isQuick ? 90 : 300;
  const peers = (full: readonly string[]): readonly string[] => (isQuick ? (full.length > 6 ? quickPair : [us]) : full);
  const one = (
    name: string,
    title: string,
    limits: readonly LimitPlan[],
    more: Partial<DrainOptions>,
  ): TrafficScenario =>
    drain({
      name,
      title,
      server: { limits, dialect: "x-ratelimit" },
      sendCount: count,
      bars: [],
      ...more,
      subjects: peers(more.subjects ?? (more.isBlind ? blindShortlist : shortlist)),
    });
  const refusalsOnly = (limits: readonly LimitPlan[]) => ({ limits, dialect: "refusals-only" as const });
  const spaced: LimitPlan = { scope: "session", shape: "spacing", limit: 1, windowMs: 200 };
  const sliding: LimitPlan = { ...perSession30, shape: "sliding" };
  const token: LimitPlan = { ...perSession30, shape: "token" };
  const changing = isQuick ? changesSoon : halvedThenDoubled;
  const far = { limits: [perSession30], dialect: "x-ratelimit" as const, wayMs: [35, 65] as const };
  const minuteAndDay: readonly LimitPlan[] = [
    { scope: "session", shape: "fixed", limit: 10, windowMs: 500 },
    { scope: "session", shape: "fixed", limit: 60, windowMs: 4_000 },
  ];
  const sessionAndAccount: readonly LimitPlan[] = [{ ...perSession30, limit: 10 }, fixed30];

  return [
    one("fixed-window-known", "fixed window 30/s, headers, limit known", [perSession30], {
      subjects: everyone,
      bars: [time(1.02), laterRefusals],
    }),
    one("fixed-window-blind", "fixed window 30/s, headers, limit not known", [perSession30], {
      isBlind: true,
      subjects: blindEveryone,
      bars: [time(1.1), laterRefusals],
    }),
    one("sliding-window-known", "sliding window 30/s, limit known", [sliding], { bars: [time(1.05), refusals(2)] }),
    one("sliding-window-blind", "sliding window 30/s, limit not known", [sliding], {
      isBlind: true,
      bars: [time(1.05), refusals(2)],
    }),
    one("token-bucket-known", "token bucket of 30, refill 30/s, limit known", [token], {
      bars: [time(1.05), refusals(2)],
    }),
    one("token-bucket-blind", "token bucket of 30, refill 30/s, limit not known", [token], {
      isBlind: true,
      bars: [time(1.05), refusals(2)],
    }),
    one("spacing-known", "spacing 200 ms, no headers, known", [spaced], {
      server: refusalsOnly([spaced]),
      sendCount: isQuick ? 16 : 50,
      subjects: everyone,
      bars: [time(1.02), refusals(0)],
    }),
    one("spacing-blind", "spacing 200 ms, no headers, not known", [spaced], {
      server: refusalsOnly([spaced]),
      isBlind: true,
      sendCount: isQuick ? 16 : 50,
      subjects: blindEveryone,
      bars: [time(1.05), refusals(2)],
    }),
    one("minute-and-day", "10 per 0.5 s and 60 per 4 s together, known", minuteAndDay, {
      sendCount: isQuick ? 80 : 150,
      bars: [time(1.03), refusals(0)],
    }),
    one("session-and-account", "10/s for each of 4 sessions and 30/s for the account, known", sessionAndAccount, {
      sessionCount: 4,
      bars: [time(1.03), refusals(0)],
    }),
    one("latency-known", "fixed window 30/s, 100 ms latency with 30 ms jitter, known", [perSession30], {
      server: far,
      bars: [time(1.05), refusals(1)],
    }),
    one("latency-blind", "the same, limit not known", [perSession30], { server: far, isBlind: true }),
    one("change-told", "30/s, halved, then doubled: told by headers", [changing], {
      bars: [time(1.03), refusals(0)],
    }),
    one("change-hidden", "30/s, halved, then doubled: hidden", [changing], {
      server: refusalsOnly([changing]),
      bars: [time(1.05), refusals(10)],
    }),
    one("processes-2", "2 processes that do not know of each other, 30/s for both", [fixed30], {
      processCount: 2,
      subjects: everyone,
      bars: [time(1.05), share],
    }),
    one("processes-4", "4 processes that do not know of each other, 30/s for all", [fixed30], {
      processCount: 4,
      bars: [time(1.05), share],
    }),
    one("shared-redis-2", "2 processes that share 30/s over Redis, known", [fixed30], {
      processCount: 2,
      sharedOver: "redis",
      subjects: [us, clusteredBottleneck.name],
      bars: [time(1.03), settledRefusals],
    }),
    one("shared-redis-4", "4 processes that share 30/s over Redis, known", [fixed30], {
      processCount: 4,
      sharedOver: "redis",
      subjects: [us, clusteredBottleneck.name],
      bars: [time(1.03), settledRefusals],
    }),
    one("shared-nats-2", "2 processes that share 30/s over NATS, known", [fixed30], {
      processCount: 2,
      sharedOver: "nats",
      subjects: [us],
      bars: [time(1.03), settledRefusals],
    }),
    one("shared-nats-4", "4 processes that share 30/s over NATS, known", [fixed30], {
      processCount: 4,
      sharedOver: "nats",
      subjects: [us],
      bars: [time(1.03), settledRefusals],
    }),
    one("fixed-window-whole-seconds", "fixed window 30/s, limit not known, resets in whole seconds", [perSession30], {
      server: { limits: [perSession30], dialect: "x-ratelimit-whole" },
      isBlind: true,
    }),
    one("fixed-window-ietf", "fixed window 30/s, limit not known, RateLimit and RateLimit-Policy", [perSession30], {
      server: { limits: [perSession30], dialect: "ietf" },
      isBlind: true,
    }),
    faults(peers([us, ...drainPeers.filter((peer) => !peer.needsKnownLimit).map(({ name }) => name)])),
    fairness(isQuick ? 4_000 : 12_000, isQuick ? [us] : [us, ...queueingPeers.map(({ name }) => name)]),
  ];
}
