import type { Phase } from "./agent/conversation.js";
import type { SsmCounters } from "./counters.js";
import type { SsmSession, SsmSessionState } from "./session.js";

/** One session as it stands. */
export interface SsmSessionView {
  sessionId: string;
  document: string;
  target: string;
  sessionType: string;
  state: SsmSessionState;
  /** Where the agent is: before, in or after the handshake, or done. */
  phase: Phase;
  /** What the client said it is; empty without a handshake. */
  clientVersion: string;
  isEncrypted: boolean;
  /** The client has been asked to pause. */
  isPaused: boolean;
  startedAtMs: number;
  /** Frames under way that nobody has acknowledged. */
  unacknowledgedCount: number;
  /** The agent's estimate of one round trip. */
  roundTripMs: number;
  /** SHA-256 in hexadecimal of what has been typed or sent to the session so far. */
  inputSha256: string;
  /** The same of its output, before encryption and without stderr. */
  outputSha256: string;
  counters: SsmCounters;
}

export function ssmSessionView(session: SsmSession): SsmSessionView {
  const { conversation, sender } = session;
  const { input, output } = conversation.digests();
  return {
    sessionId: session.id,
    document: session.document,
    target: session.target,
    sessionType: session.assignment.sessionType,
    state: session.state,
    phase: conversation.phase,
    clientVersion: conversation.clientVersion,
    isEncrypted: conversation.isEncrypted,
    isPaused: session.isPaused,
    startedAtMs: session.startedAtMs,
    unacknowledgedCount: sender.unacknowledgedCount,
    roundTripMs: sender.estimator.roundTripMs,
    inputSha256: input,
    outputSha256: output,
    counters: { ...session.counters },
  };
}
