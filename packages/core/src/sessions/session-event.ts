import type {
  Cause,
  Health,
  InstantMs,
  LimitScope,
  MessageId,
  ProviderEvent,
  SessionId,
  SessionState,
} from "../contract/index.js";
import type { AskState } from "../store/asks.js";
import type { Challenge } from "./challenge.js";

interface EventBase {
  readonly sessionId: SessionId;
  readonly atMs: InstantMs;
}

/** What `session.events()` yields: what the provider told, and what became of the session. */
export type SessionEvent =
  | (EventBase & Exclude<ProviderEvent, { readonly type: "message.status" }>)
  | (EventBase &
      Extract<ProviderEvent, { readonly type: "message.status" }> & {
        /** Ours, when the message was sent from here. */
        readonly messageId?: MessageId;
      })
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
  /** Requests of the session begin to wait for a limit, of the session or of the account, or none waits any more. */
  | (EventBase & {
      readonly type: "pacing";
      readonly state: "started" | "ended";
      readonly bucket: string;
      readonly scope: LimitScope;
      /** When the next may leave, as far as it is known. */
      readonly freeAtMs?: InstantMs;
    })
  /** A question has come to another state. `pending`: it was taken, and an answer may come. */
  | (EventBase & { readonly type: "ask"; readonly askId: string; readonly state: AskState; readonly reason?: string })
  /** A question's exchange still waits for its answer, as told every 10 s. */
  | (EventBase & { readonly type: "ask.waiting"; readonly askId: string; readonly waitedMs: number })
  /**
   * An answer was not taken. `invalid`: it does not fit the schema, and another may be given; `duplicate`: the question was
   * answered before; `late`: it was settled in another way before.
   */
  | (EventBase & {
      readonly type: "ask.ignored";
      readonly askId: string;
      readonly why: "invalid" | "duplicate" | "late";
      /** What does not fit the schema: places and the schema's words. */
      readonly problems?: readonly string[];
    })
  /** Another process took the session over; this handle no longer acts. */
  | (EventBase & { readonly type: "taken_over" });

export type SessionEventType = SessionEvent["type"];
