import type { Cause, Health, InstantMs, MessageId, ProviderEvent, SessionId, SessionState } from "../contract/index.js";
import type { Challenge } from "./challenge.js";

interface EventBase {
  readonly sessionId: SessionId;
  readonly atMs: InstantMs;
}

/** What `session.events()` yields: what the provider told, and what became of the session. */
export type SessionEvent =
  | (EventBase & ProviderEvent)
  | (EventBase & {
      readonly type: "state";
      readonly from: SessionState;
      readonly to: SessionState;
      readonly reason?: string;
      readonly cause?: Cause;
      /** While reconnecting: which attempt, and when the next one is due. */
      readonly attempt?: number;
      readonly nextAttemptAtMs?: InstantMs;
    })
  | (EventBase & { readonly type: "challenge"; readonly challenge: Challenge })
  | (EventBase & { readonly type: "health"; readonly health: Health })
  | (EventBase & {
      readonly type: "send";
      readonly messageId: MessageId;
      readonly state: "sent" | "failed" | "unknown" | "cancelled";
    })
  /** A send waits for its limit. */
  | (EventBase & { readonly type: "paced"; readonly messageId: MessageId; readonly untilMs: InstantMs })
  /** Another process took the session over; this handle no longer acts. */
  | (EventBase & { readonly type: "taken_over" });

export type SessionEventType = SessionEvent["type"];
