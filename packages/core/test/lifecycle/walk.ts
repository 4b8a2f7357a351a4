import type { CauseClass, ProviderTraits, SessionState } from "../../src/contract/index.js";
import type { LifecycleEvent, LifecycleEventType } from "../../src/lifecycle/events.js";
import { eventTypes, isFinal } from "../../src/lifecycle/kinds.js";
import type { ReconnectPolicy, TransitionContext } from "../../src/lifecycle/policy.js";
import { type LifecycleSnapshot, newSnapshot } from "../../src/lifecycle/snapshot.js";
import { nextTimer } from "../../src/lifecycle/timers.js";
import { transition as real, type TransitionFunction } from "../../src/lifecycle/transition.js";
import { type Random, seededRandom } from "../../src/random.js";
import { type InvariantName, liveAfter, violated } from "./invariants.js";
import { startMs, timings } from "./setting.js";

export interface Violation {
  readonly invariant: InvariantName | "it never throws";
  readonly detail: string;
  readonly step: number;
  readonly event: unknown;
  readonly before: LifecycleSnapshot;
}

export interface Walk {
  readonly steps: number;
  readonly violation?: Violation;
  /** `row from event` of every edge taken, with how often. */
  readonly edges: ReadonlyMap<string, number>;
}

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;

const identities = [
  undefined,
  { id: "+15550100" },
  { id: "+1 555-0100" },
  { id: "lid:7", aliases: ["+15550100"] },
  { id: "+15550999" },
];
const causes: readonly (CauseClass | "cosmic")[] = [
  "transient",
  "transient",
  "bounded",
  "progress",
  "yield",
  "fatal",
  "cosmic",
];
const strange: readonly unknown[] = [
  undefined,
  null,
  7,
  "start",
  {},
  { type: "sneezed" },
  { type: "__proto__" },
  { type: "dropped" },
  { type: "opened", identity: {} },
];

// What keeps a session going; taken evenly, most events would end it before the rarer rows are met.
const likely: Readonly<Record<SessionState, readonly LifecycleEventType[]>> = {
  created: ["start", "pair", "pair", "opened", "asked"],
  connecting: ["challengeIssued", "challengeIssued", "opened", "dropped", "pair", "cancelPairing", "asked"],
  pairing: [
    "challengeIssued",
    "challengeExpired",
    "dropped",
    "dropped",
    "paired",
    "opened",
    "restored",
    "healthChanged",
  ],
  waiting: ["asked", "dropped", "restored"],
  connected: ["opened", "dropped", "restored", "suspend"],
  reconnecting: ["opened", "dropped", "pair", "challengeIssued", "cancelPairing"],
  closing: ["logoutAck", "restored", "unlinked", "logout", "close"],
  suspended: ["resume", "opened", "suspend"],
  unlinked: ["start", "pair", "pair", "opened"],
  completed: ["restart"],
  rejected: ["restart"],
  expired: ["restart"],
  failed: ["restart"],
  terminated: ["restart"],
};

/** An event as a provider, a caller or chance might send it. */
function randomEvent(random: Random, snapshot: LifecycleSnapshot, nowMs: number): LifecycleEvent {
  if (random() < 0.02) return pick(random, strange) as LifecycleEvent;
  const type = pick(random, random() < 0.6 ? likely[snapshot.state] : eventTypes);
  const generation =
    random() < 0.5 ? {} : { generation: snapshot.generation - (random() < 0.3 ? 1 + Math.floor(random() * 3) : 0) };
  const untilMs = random() < 0.3 ? { untilMs: nowMs + Math.floor(random() * 600_000) - 60_000 } : {};
  const identity = pick(random, identities);
  switch (type) {
    case "challengeIssued":
      return {
        type,
        challenge: {
          kind: "qr",
          artefact: "made-up",
          ...(random() < 0.3 ? { lifetimeMs: pick(random, [0, 60_000, Number.NaN]) } : {}),
        },
        ...generation,
      };
    case "opened":
      return { type, ...(identity ? { identity } : {}), ...generation };
    case "dropped":
      return {
        type,
        cause: { class: pick(random, causes) as CauseClass, reason: "trouble", ...untilMs },
        ...generation,
      };
    case "unlinked":
      return { type, reason: pick(random, ["logged_out", "credentials_expired"] as const), ...generation };
    case "paused":
      return { type, reason: "inactive", ...untilMs, ...generation };
    case "failedRemote":
      return { type, reason: "broken", ...generation };
    case "restrictionChanged":
      return { type, restrictions: random() < 0.5 ? [] : [{ kind: "quota", scope: "send" }], ...generation };
    case "healthChanged":
      return {
        type,
        health: random() < 0.5 ? { status: "ok", signals: [] } : { status: "degraded", signals: ["device_offline"] },
        ...generation,
      };
    case "challengeProgress":
      return { type, progress: "seen", ...generation };
    case "unknownStatus":
      return { type, word: "HIBERNATING", ...generation };
    case "challengeExpired":
    case "paired":
    case "asked":
    case "answered":
    case "rejectedRemote":
    case "expiredRemote":
    case "remoteClosed":
    case "notFound":
    case "logoutAck":
      return { type, ...generation };
    default:
      return { type };
  }
}

interface Setting {
  readonly traits: ProviderTraits;
  readonly policy: ReconnectPolicy;
}

function randomSetting(random: Random): Setting {
  const flip = (): boolean => random() < 0.5;
  return {
    traits: { disconnectUnpairs: flip(), statePolling: flip(), hasTransport: flip(), canRestart: flip() },
    policy: {
      baseMs: 1_000,
      capMs: 60_000,
      jitter: 0.5,
      boundedAttempts: pick(random, [0, 0, 1, 3]),
      pairingAttempts: pick(random, [0, 2, 4, 8]),
    },
  };
}

function freshSnapshot(random: Random): LifecycleSnapshot {
  return newSnapshot(startMs, {
    ...(random() < 0.5 ? { expectedIdentity: "+15550100" } : {}),
    ...(random() < 0.3 ? { ttlMs: Math.floor(random() * 200_000) } : {}),
  });
}

/** Walks at random over many sessions and stops at the first violation. The same seed takes the same steps. */
export function walk(seed: number, steps: number, transition: TransitionFunction = real): Walk {
  const random = seededRandom(seed);
  const edges = new Map<string, number>();
  let setting = randomSetting(random);
  let before = freshSnapshot(random);
  let live: ReadonlySet<number> = new Set();
  let nowMs = startMs;
  let left = 0;
  for (let step = 1; step <= steps; step++) {
    if (isFinal(before.state)) left = Math.min(left, 3);
    if (left-- <= 0) {
      setting = randomSetting(random);
      before = freshSnapshot(random);
      live = new Set();
      nowMs = startMs;
      left = 20 + Math.floor(random() * 60);
    }
    before = disturbed(random, before);
    const due = nextTimer(before.timers);
    let event: LifecycleEvent;
    if (due && random() < 0.25) {
      // Mostly on time, sometimes a little early, sometimes late.
      nowMs = Math.max(nowMs, due.atMs + pick(random, [0, 0, -50, 5_000, 200_000]));
      event = { type: due.name };
    } else {
      nowMs += Math.floor(random() * 4_000);
      event = randomEvent(random, before, nowMs);
    }
    const context: TransitionContext = { nowMs, chance: random(), timings, ...setting };
    // The reducer is pure: writing to what it was given throws.
    for (const part of [before, before.timers, before.pairing, before.identity, before.health, before.cause])
      Object.freeze(part);
    try {
      const result = transition(before, event, context);
      const next = liveAfter(live, result.effects);
      const found = violated({ before, event, context, result, transition, liveBefore: live, liveAfter: next });
      if (found)
        return { steps: step, edges, violation: { invariant: found.name, detail: found.detail, step, event, before } };
      if (result.row !== undefined) {
        const edge = `${result.row} ${before.state} ${event.type}`;
        edges.set(edge, (edges.get(edge) ?? 0) + 1);
      }
      before = result.snapshot;
      live = next;
    } catch (error) {
      return {
        steps: step,
        edges,
        violation: { invariant: "it never throws", detail: String(error), step, event, before },
      };
    }
  }
  return { steps, edges };
}

/** Now and then what a store or an older version may bring: a copy, or an intent that does not fit the state. */
function disturbed(random: Random, snapshot: LifecycleSnapshot): LifecycleSnapshot {
  const chance = random();
  if (chance < 0.01) return JSON.parse(JSON.stringify(snapshot)) as LifecycleSnapshot;
  if (
    chance < 0.04 &&
    snapshot.intent === "online" &&
    ["connecting", "connected", "reconnecting", "pairing", "waiting"].includes(snapshot.state)
  )
    return { ...snapshot, intent: "offline" };
  return snapshot;
}

/** What a failing walk prints, so that it can be walked again. */
export function describeViolation(seed: number, { invariant, detail, step, event, before }: Violation): string {
  return `${invariant}: ${detail}\nCOLLOQUY_SEED=${seed}, step ${step}\nevent ${JSON.stringify(event)}\nsnapshot ${JSON.stringify(before)}`;
}

/** From the environment when a failure is to be reproduced, otherwise a new one each run. */
export function chosenSeed(): number {
  const given = Number(process.env["COLLOQUY_SEED"]);
  return Number.isSafeInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 2 ** 31);
}
