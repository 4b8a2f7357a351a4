import type { SessionState } from "../contract/index.js";
import type { ActionName } from "./actions.js";
import type { LifecycleEventType } from "./events.js";
import type { GuardName } from "./guards.js";

/** One line of the transition table: in one of these states, on one of these events, when every guard holds. */
export interface Row {
  /** Stable; it is what `Transition.row` names. */
  readonly id: string;
  readonly from: readonly SessionState[];
  readonly on: readonly LifecycleEventType[];
  readonly when: readonly GuardName[];
  /** `stays` keeps state, reason and timers, apart from what the actions change. */
  readonly to: SessionState | "stays";
  /** The reason in the new state. `=cause` takes the cause's, `=event` the event's own. */
  readonly reason?: string;
  readonly then: readonly ActionName[];
  /** A word for the log when the row is more than a duplicate although the state stays. */
  readonly note?: string;
  /**
   * Only somebody else's doing leads here, such as linking at the provider's own site. It is believed when it happens, but
   * nobody should wait for it: reachability leaves such rows out.
   */
  readonly unprompted?: true;
  /** Why the row is there, where it is not plain. */
  readonly because?: string;
}
