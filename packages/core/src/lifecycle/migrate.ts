import type { Health, Identity, InstantMs, Intent, Restriction, SessionState } from "../contract/index.js";
import { isFinal, isSessionState } from "./kinds.js";
import { sameValue } from "./same-value.js";
import { type LifecycleSnapshot, newSnapshot, type TimerName } from "./snapshot.js";

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isInstant = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isTextList = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const intents: readonly unknown[] = ["none", "online", "offline", "closed"] satisfies Intent[];
const timerNames: readonly TimerName[] = [
  "connectDeadline",
  "pairingDeadline",
  "challengeDue",
  "ttlDue",
  "livenessDue",
  "reconnectDue",
  "closeDeadline",
  "resumeDue",
];

/**
 * Reads a stored snapshot, of whatever age. One of this version comes back as it is, with anything unreadable in it left
 * out. One of another version, or in a state this version does not know, rests as `suspended(unknown_snapshot)` with what
 * could be read, so that a person can look and `resume`; only a known final state stays final. `nowMs` is since when it
 * rests. Never throws.
 */
export function migrateSnapshot(raw: unknown, nowMs: InstantMs = 0): LifecycleSnapshot {
  const fields: Fields = isObject(raw) ? raw : {};
  const known = isSessionState(fields["state"]) ? fields["state"] : undefined;
  const isKept = known !== undefined && (fields["version"] === 1 || isFinal(known));
  const snapshot = isKept ? readable(fields, known, nowMs) : resting(fields, nowMs);
  return sameValue(snapshot, raw) ? (raw as LifecycleSnapshot) : snapshot;
}

function resting(fields: Fields, nowMs: InstantMs): LifecycleSnapshot {
  const { ttlDue } = timersOf(fields["timers"]);
  return {
    ...newSnapshot(nowMs),
    intent: "offline",
    state: "suspended",
    reason: "unknown_snapshot",
    ...taken(fields, lasting),
    timers: ttlDue === undefined ? {} : { ttlDue },
  };
}

function readable(fields: Fields, state: SessionState, nowMs: InstantMs): LifecycleSnapshot {
  return {
    ...newSnapshot(nowMs),
    intent: "offline",
    state,
    ...taken(fields, lasting),
    ...taken(fields, passing),
    timers: timersOf(fields["timers"]),
  };
}

type Reader = (value: unknown) => boolean;

/** What is known of the session whatever its state. What cannot be read must not bring it online by itself. */
const lasting: Partial<Record<keyof LifecycleSnapshot, Reader>> = {
  intent: (value) => intents.includes(value),
  incarnation: isCount,
  generation: isCount,
  attempt: isCount,
  boundedDrops: isCount,
  expectedIdentity: isText,
  identity: isIdentity,
  health: isHealth,
  restrictions: isRestrictions,
  provenAtMs: isInstant,
};

/** What belongs to the state. */
const passing: Partial<Record<keyof LifecycleSnapshot, Reader>> = {
  since: isInstant,
  reason: isText,
  cause: (value) => isObject(value) && isText(value["class"]) && isText(value["reason"]),
  pairing: (value) => isObject(value) && isCount(value["attempt"]) && isInstant(value["expiresAtMs"]),
  pairingConsumer: (value) => typeof value === "boolean",
  closingGoal: (value) => value === "unlink" || value === "terminate",
  suspendedBy: (value) => value === "caller" || value === "provider",
  untilMs: isInstant,
};

function taken(fields: Fields, readers: Readonly<Record<string, Reader>>): Partial<LifecycleSnapshot> {
  return Object.fromEntries(
    Object.entries(readers).flatMap(([key, isReadable]) => (isReadable(fields[key]) ? [[key, fields[key]]] : [])),
  );
}

function isIdentity(value: unknown): value is Identity {
  return isObject(value) && isText(value["id"]) && (value["aliases"] === undefined || isTextList(value["aliases"]));
}

function isHealth(value: unknown): value is Health {
  return isObject(value) && isText(value["status"]) && isTextList(value["signals"]);
}

function isRestrictions(value: unknown): value is readonly Restriction[] {
  return Array.isArray(value) && value.every(isObject);
}

function timersOf(value: unknown): LifecycleSnapshot["timers"] {
  const timers: Partial<Record<TimerName, number>> = {};
  if (isObject(value))
    for (const name of timerNames) {
      const atMs = value[name];
      if (isInstant(atMs)) timers[name] = atMs;
    }
  return timers;
}
