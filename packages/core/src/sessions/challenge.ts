import type { ChallengeKind, InstantMs, JsonValue, SessionId } from "../contract/index.js";

/** Something a person must do now. A refreshed code is a new challenge object with the next `attempt`. */
export interface Challenge {
  readonly sessionId: SessionId;
  readonly kind: ChallengeKind;
  /** What to show. For `qr`: the raw text to draw. Whoever has it can link, so do not log it. */
  readonly artefact: string;
  /** From 1. */
  readonly attempt: number;
  /** How many codes this pairing may show. */
  readonly of: number;
  readonly issuedAtMs: InstantMs;
  /** When this code ends. A fresh one follows by itself. */
  readonly expiresAtMs: InstantMs;
  /** When the whole pairing ends. */
  readonly deadlineAtMs: InstantMs;
  /** Asks for a fresh code now. */
  refresh(): Promise<void>;
  /** Ends the pairing. */
  cancel(): Promise<void>;
  /** Answers from here, for kinds that need it (passkey). Throws `UNSUPPORTED` for others. */
  respond(response: Readonly<Record<string, JsonValue>>): Promise<void>;
}

/** The challenges of one pairing, as they come. The loop ends when the session is connected, and throws when it cannot be. */
export interface Pairing extends AsyncIterable<Challenge> {
  cancel(): Promise<void>;
}
