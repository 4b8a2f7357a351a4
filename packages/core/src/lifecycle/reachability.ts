import type { SessionState } from "../contract/index.js";
import type { GuardName } from "./guards.js";
import { eventKinds, isFinal } from "./kinds.js";
import type { Row } from "./row.js";
import type { LifecycleSnapshot } from "./snapshot.js";
import { transitionTable } from "./table.js";

// Without a command these stay as they are: the intent and the goal are set by commands alone, and a consumer only goes.
const lasting: Partial<Record<GuardName, (snapshot: LifecycleSnapshot) => boolean>> = {
  wanted: ({ intent }) => intent !== "offline" && intent !== "closed",
  unwanted: ({ intent }) => intent === "offline" || intent === "closed",
  watched: ({ pairingConsumer }) => pairingConsumer,
  goalUnlink: ({ closingGoal }) => closingGoal === "unlink",
  goalTerminate: ({ closingGoal }) => closingGoal !== "unlink",
};

function mayHappen(row: Row, state: SessionState, snapshot: LifecycleSnapshot): boolean {
  if (row.to === "stays" || row.unprompted || !row.from.includes(state)) return false;
  if (row.on.every((type) => eventKinds[type] === "command")) return false;
  // A pause without a known end does not end by itself.
  if (row.on.includes("resumeDue") && state === snapshot.state && snapshot.timers.resumeDue === undefined) return false;
  if (row.on.includes("ttlDue") && snapshot.timers.ttlDue === undefined) return false;
  return row.when.every((guard) => lasting[guard]?.(snapshot) ?? true);
}

/**
 * Whether `target` can still come without another command: by what the provider reports or by a timer.
 *
 * Followed over the transition table under the snapshot's intent. Two answers need a word: from `unlinked`, and from
 * `suspended` without a known end, nothing leads to `connected` although the provider might bring it back by somebody
 * else's doing; waiting for that is waiting for a miracle, so the answer is no. From `created` the answer is yes, because
 * a provider may connect a new session by itself.
 */
export function canReach(snapshot: LifecycleSnapshot, target: SessionState): boolean {
  const seen = new Set<SessionState>([snapshot.state]);
  for (const state of seen) {
    if (state === target) return true;
    if (isFinal(state)) continue;
    for (const row of transitionTable)
      if (row.to !== "stays" && !seen.has(row.to) && mayHappen(row, state, snapshot)) seen.add(row.to);
  }
  return false;
}
