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
  const { pairing, closingGoal, suspendedBy, untilMs, cause, ...kept } = readable(fields, "suspended", nowMs);
  return {
    ...kept,
    since: nowMs,
    reason: "unknown_snapshot",
    pairingConsumer: false,
    timers: ttlDue === undefined ? {} : { ttlDue },
  };
}

function readable(fields: Fields, state: SessionState, nowMs: InstantMs): LifecycleSnapshot {
  const take = <Key extends keyof LifecycleSnapshot>(key: Key, isReadable: (value: unknown) => boolean) =>
    isReadable(fields[key]) ? ({ [key]: fields[key] } as Pick<LifecycleSnapshot, Key>) : {};
  return {
    ...newSnapshot(nowMs),
    state,
    // What cannot be read must not bring a session online by itself.
    intent: "offline",
    ...take("since", isInstant),
    ...take("intent", (value) => intents.includes(value)),
    ...take("incarnation", isCount),
    ...take("generation", isCount),
    ...take("attempt", isCount),
    ...take("boundedDrops", isCount),
    ...take("reason", isText),
    ...take("cause", (value) => isObject(value) && isText(value["class"]) && isText(value["reason"])),
    ...take("pairing", (value) => isObject(value) && isCount(value["attempt"]) && isInstant(value["expiresAtMs"])),
    ...take("pairingConsumer", (value) => typeof value === "boolean"),
    ...take("closingGoal", (value) => value === "unlink" || value === "terminate"),
    ...take("suspendedBy", (value) => value === "caller" || value === "provider"),
    ...take("untilMs", isInstant),
    ...take("expectedIdentity", isText),
    ...take("identity", isIdentity),
    ...take("health", isHealth),
    ...take("restrictions", isRestrictions),
    ...take("provenAtMs", isInstant),
    timers: timersOf(fields["timers"]),
  };
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
