/** The weather of the emulated gateway and agent. Every dial can be turned while it runs. Durations are milliseconds. */
export interface SsmDials {
  /** What the agent says it is: decides on multiplexing and flags. Default "3.3.0.0". */
  agentVersion: string;
  /** Sessions are encrypted with a data key, so every one begins with a handshake. Default false. */
  encryption: boolean;
  /** The key that clients are told to use. Default "alias/colloquy-emulator". */
  kmsKeyId: string;
  /** The agent refuses clients that leave its challenge out of the key's context. Default false. */
  requireKmsChallenge: boolean;
  /** When there is a handshake: for ports, commands and encryption, or for shells too. Default "when_needed". */
  handshake: "when_needed" | "always";
  /** What the agent never sends, so that the client waits: its request, or the word that all is done. Default "nothing". */
  withhold: "nothing" | "handshake_request" | "handshake_complete";
  /** How long the agent waits for each answer of the handshake. Default 15,000. */
  handshakeTimeoutMs: number;
  /** A line that the client shows after the handshake. Default none. */
  customerMessage: string;
  /** Where the pseudo-terminal of a shell comes from; "none" is a plain child with pipes. Default "auto". */
  terminal: "auto" | "python3" | "script" | "none";

  /** Time from the open channel to the first output. The genuine agent takes 1,000. Default 0. */
  firstOutputDelayMs: number;
  /** Only one output frame is under way until the client shows that it is ready, for so long at most. Default 1,000. */
  sizeWaitMs: number;
  /** Most output bytes in one frame. Default 1,024. */
  frameBytes: number;
  /** Frames under way and not acknowledged, at most 9,000: clients buffer 10,000. Default 1,000. */
  windowFrames: number;
  /** What is sent again: every frame that is due, or only the oldest, as genuine agents do. Default "window". */
  resend: "window" | "oldest";
  /** Time between two copies of a frame, after the first copy, which waits as long as the round trips suggest. Default 100. */
  resendEveryMs: number;
  /** After so many copies, with later frames acknowledged, a frame counts as delivered: some clients never acknowledge twice. Default 50. */
  presumeDeliveredAfter: number;
  /** How long `channel_closed` waits for the acknowledgement of everything before it. Default 60,000. */
  drainLimitMs: number;

  /** Which way the weather blows: frames of the agent, of the client, or of both. Default "both". */
  direction: "both" | "output" | "input";
  /** Share (0 to 1) of stream frames that are lost. Default 0. */
  dropRate: number;
  /** Share of stream frames that arrive twice. Default 0. */
  duplicateRate: number;
  /** Share of stream frames that others overtake. Default 0. */
  reorderRate: number;
  /** How many frames may overtake one. Default 8. */
  reorderDepth: number;
  /** How long an overtaken frame is held back at most. Default 20. */
  reorderHoldMs: number;
  /** Share of acknowledgements that are lost. Default 0. */
  lostAckRate: number;
  /** Share of output frames before which something comes that is no valid frame. Default 0. */
  garbageRate: number;
  /** Garbage includes frames of 116 to 119 bytes and headers that point outside: these deafen genuine clients. Default false. */
  lethalGarbage: boolean;
  /** Every frame travels so long, each way. Default 0. */
  latencyMs: number;
  /** How much passes per second, each way; null for no limit. Default null. */
  bytesPerSecond: number | null;

  /** The gateway closes every connection after so long with 1000 "Bye"; null for never. Default null. */
  closeEveryMs: number | null;
  /** Connections break without a word after so long; null for never. Default null. */
  cutEveryMs: number | null;
  /** Connections break after so many stream frames, both ways together; null for never. Default null. */
  cutEveryFrames: number | null;
  /** Nothing is read, answered or sent, not even a pong, though connections stay open. Default false. */
  deaf: boolean;
  /** The gateway asks the client to pause so often; null for never. Default null. */
  pauseEveryMs: number | null;
  /** How long a pause lasts. Default 500. */
  pauseForMs: number;
  /** The service's own frames have 112-byte headers and NUL padding. Default false. */
  shortServiceHeaders: boolean;

  /** What ResumeSession answers: a token, none, one that is not accepted, 400 expired credentials, or 503. Default "token". */
  resumeAnswer: "token" | "no_token" | "revoked_token" | "denied" | "unavailable";
  /** Agents are there to talk to; otherwise StartSession answers TargetNotConnected. Default true. */
  targetConnected: boolean;
  /** The fake KMS refuses to make keys. Default false. */
  kmsRefuses: boolean;
  /** Whether HTTP requests must be signed, and whether the signature must be right. Default "ignored". */
  signatures: "ignored" | "required" | "verified";
}

export function defaultSsmDials(): SsmDials {
  return {
    agentVersion: "3.3.0.0",
    encryption: false,
    kmsKeyId: "alias/colloquy-emulator",
    requireKmsChallenge: false,
    handshake: "when_needed",
    withhold: "nothing",
    handshakeTimeoutMs: 15_000,
    customerMessage: "",
    terminal: "auto",
    firstOutputDelayMs: 0,
    sizeWaitMs: 1_000,
    frameBytes: 1_024,
    windowFrames: 1_000,
    resend: "window",
    resendEveryMs: 100,
    presumeDeliveredAfter: 50,
    drainLimitMs: 60_000,
    direction: "both",
    dropRate: 0,
    duplicateRate: 0,
    reorderRate: 0,
    reorderDepth: 8,
    reorderHoldMs: 20,
    lostAckRate: 0,
    garbageRate: 0,
    lethalGarbage: false,
    latencyMs: 0,
    bytesPerSecond: null,
    closeEveryMs: null,
    cutEveryMs: null,
    cutEveryFrames: null,
    deaf: false,
    pauseEveryMs: null,
    pauseForMs: 500,
    shortServiceHeaders: false,
    resumeAnswer: "token",
    targetConnected: true,
    kmsRefuses: false,
    signatures: "ignored",
  };
}
