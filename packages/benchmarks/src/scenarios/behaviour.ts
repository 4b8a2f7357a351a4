import { seededRandom } from "@colloquy/core";
import type { LimitPlan } from "../server/plan.js";
import { allAtOnce, type PlannedSend, type TrafficScenario } from "./scenario.js";

/** 5 % answered 503, 2 % accepted but never answered, 2 % dropped before: what does the caller believe afterwards? */
export function faults(subjects: readonly string[]): TrafficScenario {
  const roomy: LimitPlan = { scope: "account", shape: "fixed", limit: 100, windowMs: 1_000 };
  return {
    name: "faults",
    title: "5 % 503, 2 % lost answers, 2 % dropped before",
    server: {
      limits: [roomy],
      dialect: "x-ratelimit",
      faults: { unavailable: 0.05, lostAnswer: 0.02, dropped: 0.02 },
    },
    known: [roomy],
    sends: allAtOnce(300),
    processCount: 1,
    subjects,
    bars: [
      { figure: "duplicates", limit: 0 },
      { figure: "mistold", limit: 0 },
      { figure: "lost", limit: 0 },
    ],
  };
}

/** One permit of the account in so many milliseconds. */
const permitMs = 50;
const trickleCount = 3;
const trickleEveryMs = 400;
const urgentEveryMs = 700;

/**
 * Somebody floods, three others send a little, a fifth sends something urgent now and then. Round robin lets nobody wait longer
 * than one turn of everyone: five permits.
 */
export function fairness(durationMs: number, subjects: readonly string[]): TrafficScenario {
  const account: LimitPlan = { scope: "account", shape: "spacing", limit: 1, windowMs: permitMs };
  const participants = trickleCount + 2;
  return {
    name: "fairness",
    title: `a flood beside ${trickleCount} trickles and urgent sends, one permit in ${permitMs} ms`,
    server: { limits: [account], dialect: "refusals-only" },
    known: [account],
    sends: fairnessSends(durationMs),
    processCount: 1,
    subjects,
    bars: [
      { figure: "trickleP99Ms", limit: 1.1 * participants * permitMs },
      { figure: "urgentP99Ms", limit: 2 * permitMs },
    ],
  };
}

/** The flood lasts a little longer than the others, so that they never have the account to themselves. */
function fairnessSends(durationMs: number): readonly PlannedSend[] {
  const random = seededRandom(7);
  const sends: PlannedSend[] = [];
  for (let place = 0; place < durationMs / permitMs; place++)
    sends.push({ id: `flood-${place}`, session: "flood", atMs: 0 });
  const untilMs = durationMs * 0.95;
  for (let trickle = 0; trickle < trickleCount; trickle++)
    for (let atMs = 200 + random() * trickleEveryMs; atMs < untilMs; atMs += trickleEveryMs * (0.8 + 0.4 * random()))
      sends.push({ id: `trickle-${trickle}-${Math.round(atMs)}`, session: `trickle-${trickle}`, atMs });
  for (let atMs = 300; atMs < untilMs; atMs += urgentEveryMs * (0.8 + 0.4 * random()))
    sends.push({ id: `urgent-${Math.round(atMs)}`, session: "urgent", atMs, isUrgent: true });
  return sends;
}
