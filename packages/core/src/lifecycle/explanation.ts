import type { InstantMs, Intent, Restriction, SessionState } from "../contract/index.js";
import type { CommandType } from "./events.js";
import type { StateKind } from "./kinds.js";
import type { LogEntry } from "./log-entry.js";
import type { TimerName } from "./snapshot.js";

export interface UpcomingTimer {
  readonly timer: TimerName;
  readonly atMs: InstantMs;
  /** Negative when it is overdue. */
  readonly inMs: number;
  readonly then: string;
}

export interface ExplainedEntry {
  readonly seq: number;
  readonly atMs: InstantMs;
  readonly event: string;
  readonly from: SessionState;
  readonly to: SessionState;
  readonly disposition: LogEntry["disposition"];
  readonly reason?: string;
  readonly evidence?: LogEntry["evidence"];
  /** True when the entry changed the state. */
  readonly changedState: boolean;
  /** How long the state lasted that this entry led to. Only on entries that changed the state. */
  readonly lastedMs?: number;
}

/** One session in words and figures. Holds no phone number, token or text of a message. */
export interface Explanation {
  readonly state: SessionState;
  readonly kind: StateKind;
  readonly means: string;
  readonly reason?: string;
  /** The reason, and the cause when there is one, in words. */
  readonly why?: string;
  readonly sinceMs: InstantMs;
  readonly forMs: number;
  readonly intent: Intent;
  readonly incarnation: number;
  readonly attempt: number;
  /** What follows when nobody does anything. */
  readonly next: string;
  /** Soonest first. */
  readonly timers: readonly UpcomingTimer[];
  readonly health: string;
  readonly restrictions: readonly Restriction[];
  /** What a person can or must do, most telling first. */
  readonly advice: readonly string[];
  readonly commands: readonly CommandType[];
  readonly timeline: readonly ExplainedEntry[];
}
