import type { ProviderTimings, ProviderTraits } from "../contract/index.js";
import type { CommandType } from "./events.js";
import { eventKinds, eventTypes } from "./kinds.js";
import { defaultReconnectPolicy } from "./policy.js";
import type { LifecycleSnapshot } from "./snapshot.js";
import { transition } from "./transition.js";

const commandTypes = eventTypes.filter((type): type is CommandType => eventKinds[type] === "command");

// No guard of a command row looks at a duration.
const noTimings: ProviderTimings = {
  connectDeadlineMs: 0,
  pairingDeadlineMs: 0,
  challengeLifetimeMs: 0,
  livenessMs: 0,
  closeDeadlineMs: 0,
  pollActiveMs: 0,
  pollConnectedMs: 0,
};

/** The commands that would change something now; the others are refused, or are already carried out. */
export function applicableCommands(snapshot: LifecycleSnapshot, traits: ProviderTraits): readonly CommandType[] {
  const context = { nowMs: snapshot.since, chance: 0, traits, timings: noTimings, policy: defaultReconnectPolicy };
  return commandTypes.filter((type) => transition(snapshot, { type }, context).snapshot !== snapshot);
}
