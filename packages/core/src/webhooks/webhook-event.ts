import type { InstantMs, ProviderEvent, SessionId } from "../contract/index.js";

/** One thing that a delivery told, as `onEvent` gets it. */
export type WebhookEvent = ProviderEvent & {
  /** When it arrived here. */
  readonly atMs: InstantMs;
  /** Absent without a session. */
  readonly sessionId?: SessionId;
};
