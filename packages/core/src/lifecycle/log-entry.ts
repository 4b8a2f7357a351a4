import type { InstantMs, JsonValue, SessionId, SessionState } from "../contract/index.js";

/** One line of a session's history: also what did not apply, so that `explain` can tell. */
export interface LogEntry {
  /** Per session, from 1, without gaps. Given by the store. */
  readonly seq: number;
  readonly sessionId: SessionId;
  readonly atMs: InstantMs;
  readonly epoch: number;
  readonly incarnation: number;
  readonly event: string;
  readonly from: SessionState;
  readonly to: SessionState;
  readonly disposition: "applied" | "recorded" | "refused";
  readonly reason?: string;
  /** What it rests on: the provider's word, the status code, the cause. Redacted before it comes here. */
  readonly evidence?: Readonly<Record<string, JsonValue>>;
}
