import type { ColloquyError } from "@colloquy/core/contract";
import type { WriteCallbacks } from "./write-queue.js";

/**
 * The words of a session's life. `created` until it is opened; `disconnected` while a lost connection is tried again;
 * `terminating` while it drains or the service closes it.
 */
export type ChannelStatus =
  | "created"
  | "connecting"
  | "connected"
  | "disconnected"
  | "terminating"
  | "terminated"
  | "failed";

/** How a session ended. */
export interface SessionEnd {
  /** `gone`: there is no token for it any more. */
  readonly reason: "closed_by_service" | "closed_by_us" | "gone" | "failed";
  /** The service's own words; empty after a normal end. */
  readonly text: string;
  readonly error?: ColloquyError;
}

/** Takes what the agent sends. */
export interface Consumer {
  /**
   * One payload, in order. Answer false to take nothing now: it is kept, within bounds, and comes again after `deliver` was
   * called. The buffer may be kept; it is not used again.
   */
  take(payloadType: number, payload: Buffer): boolean;
  /** Once. Nothing follows. */
  end(end: SessionEnd): void;
}

/** What a session type is given to work with: the ordered, acknowledged stream of one session. */
export interface SessionChannel {
  readonly sessionId: string;
  /** As the agent says; `Standard_Stream` when it wants no handshake. */
  readonly sessionType: string;
  /** The document's properties, all of them text. */
  readonly properties: Readonly<Record<string, string>>;
  /** Empty when the agent wants no handshake. */
  readonly agentVersion: string;
  /** Output may be cut and joined; a payload of another type is one frame. */
  write(payloadType: number, chunks: readonly Uint8Array[], callbacks?: WriteCallbacks): void;
  /** There is one consumer at a time. What came before it is kept. */
  attach(consumer: Consumer): void;
  /** To be called when `take` answered false and could now take something. */
  deliver(): void;
}
