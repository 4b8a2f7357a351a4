import type { LifecycleEvent, LifecycleEventType } from "./events.js";
import { eventKinds } from "./kinds.js";

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === "string");

// Only what the reducer relies on. Types promise more, but words of a provider come through here.
const shapes: Partial<Record<LifecycleEventType, (event: Fields) => boolean>> = {
  challengeIssued: ({ challenge }) => isObject(challenge) && isText(challenge["kind"]),
  opened: ({ identity }) =>
    identity === undefined ||
    (isObject(identity) &&
      isText(identity["id"]) &&
      (identity["aliases"] === undefined || isTextList(identity["aliases"]))),
  dropped: ({ cause }) => isObject(cause) && isText(cause["class"]) && isText(cause["reason"]),
  unlinked: ({ reason }) => isText(reason),
  paused: ({ reason }) => isText(reason),
  failedRemote: ({ reason }) => isText(reason),
  restrictionChanged: ({ restrictions }) => Array.isArray(restrictions) && restrictions.every(isObject),
  healthChanged: ({ health }) => isObject(health) && isText(health["status"]) && isTextList(health["signals"]),
};

/** True for an event of a known type that carries what its type promises. */
export function isWellFormed(event: unknown): event is LifecycleEvent {
  if (!isObject(event)) return false;
  const { type } = event;
  if (typeof type !== "string" || !Object.hasOwn(eventKinds, type)) return false;
  return shapes[type as LifecycleEventType]?.(event) ?? true;
}
