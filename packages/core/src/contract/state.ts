/** What we know of a session. Fourteen words, each of one kind; `docs/lifecycle.md` has the whole table. */
export type SessionState =
  | "created"
  | "connecting"
  | "pairing"
  | "waiting"
  | "connected"
  | "reconnecting"
  | "closing"
  | "suspended"
  | "unlinked"
  | "completed"
  | "rejected"
  | "expired"
  | "failed"
  | "terminated";

/** What was asked for. Stops a session from reviving itself after a logout. */
export type Intent = "none" | "online" | "offline" | "closed";

export type ClosingGoal = "unlink" | "terminate";

/** How a lost connection is treated. */
export type CauseClass = "transient" | "bounded" | "progress" | "yield" | "fatal";

export interface Cause {
  readonly class: CauseClass;
  /** A stable word, for example `network`, `proxy_error`, `replaced`. */
  readonly reason: string;
  /** When the provider says until when: a temporary ban, a pause. */
  readonly untilMs?: number;
  readonly userAction?: string;
}

/** Who is on the other side of the link, in the provider's normal form (for phones: digits with a leading `+`). */
export interface Identity {
  readonly id: string;
  /** Other names of the same account, such as a WhatsApp LID. */
  readonly aliases?: readonly string[];
  readonly displayName?: string;
}

/** A limit on what a connected session may do. Not a disconnect. */
export interface Restriction {
  readonly kind: string;
  readonly scope: string;
  readonly untilMs?: number;
}

export interface Health {
  readonly status: "ok" | "degraded" | "unknown";
  /** What is amiss, for example `device_offline`. Empty unless `degraded`. */
  readonly signals: readonly string[];
  readonly userAction?: string;
}
