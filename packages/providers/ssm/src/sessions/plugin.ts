import type { Problem } from "@colloquy/core/contract";
import type { SessionChannel } from "../channel/session-channel.js";
import type { Clock } from "../clock.js";

/** What the caller has in hand before a session is opened. */
export interface SessionConfig {
  readonly sessionId: string;
  readonly streamUrl: string;
  readonly tokenValue: string;
  readonly target?: string;
  readonly documentName?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface StartedSession<Face> {
  /** What users of the session get from `session.as(plugin)`. */
  readonly face: Face;
  /** Asks the agent to end the session. Resolves once it knows, or rejects when it cannot be told this way. */
  readonly terminate?: () => Promise<void>;
}

export interface PluginContext {
  readonly clock: Clock;
}

/** A kind of session: which types it serves, and what can be done with one. */
export interface SessionPlugin<Face = unknown> {
  /** As agents spell them, for example `Standard_Stream`. */
  readonly sessionTypes: readonly string[];
  /** Checks what the caller brings, before anything is dialled. Empty when all is well. */
  validate?(config: SessionConfig): readonly Problem[];
  /** Called once, when the session is open. Frames that came already are kept until a consumer is attached. */
  start(channel: SessionChannel, context: PluginContext): StartedSession<Face>;
}
