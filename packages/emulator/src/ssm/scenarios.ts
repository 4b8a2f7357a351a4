import type { SsmDials } from "./dials.js";

export interface SsmScenario {
  /** One line for people. */
  description: string;
  /** What it changes; every other dial has its default. */
  dials: Partial<SsmDials>;
}

/** Named weather. A scenario starts from the defaults; dials given at start-up win over it. */
export const ssmScenarios: Record<string, SsmScenario> = {
  calm: { description: "Every frame arrives once and in order.", dials: {} },
  genuine: {
    description: "As the genuine agent: one second before the first output, only the oldest frame sent again.",
    dials: { firstOutputDelayMs: 1_000, resend: "oldest", drainLimitMs: 2_000, shortServiceHeaders: true },
  },
  storm: {
    description: "A third of the frames is lost, some come twice or late, and four of ten acknowledgements vanish.",
    dials: { dropRate: 0.3, duplicateRate: 0.15, reorderRate: 0.15, lostAckRate: 0.4 },
  },
  lossy: { description: "One frame of ten is lost.", dials: { dropRate: 0.1 } },
  doubled: { description: "Every frame arrives twice.", dials: { duplicateRate: 1 } },
  shuffled: { description: "Half of the frames are overtaken by others.", dials: { reorderRate: 0.5 } },
  "lost-acks": { description: "Half of the acknowledgements are lost.", dials: { lostAckRate: 0.5 } },
  "hourly-close": {
    description: "The gateway closes the connection with 1000 Bye, every two seconds instead of every hour.",
    dials: { closeEveryMs: 2_000 },
  },
  "abrupt-cuts": { description: "The connection breaks every two seconds.", dials: { cutEveryMs: 2_000 } },
  "token-revoked": {
    description: "Two seconds in, the connection breaks, and the token for resuming is not accepted.",
    dials: { cutEveryMs: 2_000, resumeAnswer: "revoked_token" },
  },
  "timed-out": {
    description: "Two seconds in, the connection breaks, and the session cannot be resumed any more.",
    dials: { cutEveryMs: 2_000, resumeAnswer: "no_token" },
  },
  "resume-denied": {
    description: "Two seconds in, the connection breaks, and resuming is refused: expired credentials.",
    dials: { cutEveryMs: 2_000, resumeAnswer: "denied" },
  },
  "short-headers": {
    description: "The service's own frames have headers of 112 bytes, padded with NULs.",
    dials: { shortServiceHeaders: true },
  },
  garbage: { description: "Before three frames of ten comes something that is none.", dials: { garbageRate: 0.3 } },
  "lethal-garbage": {
    description: "Garbage that deafens the genuine client.",
    dials: { garbageRate: 0.3, lethalGarbage: true },
  },
  "no-handshake": {
    description: "The agent never begins the handshake.",
    dials: { handshake: "always", withhold: "handshake_request" },
  },
  "endless-handshake": {
    description: "The agent never says that the handshake is done.",
    dials: { handshake: "always", withhold: "handshake_complete" },
  },
  "old-agent": {
    description: "An agent of 2020: no multiplexing, so one connection of a port at a time.",
    dials: { agentVersion: "3.0.100.0" },
  },
  encrypted: { description: "Sessions are encrypted with a data key.", dials: { encryption: true } },
  "kms-refuses": {
    description: "Sessions are encrypted, but no data key is to be had.",
    dials: { encryption: true, kmsRefuses: true },
  },
  deaf: { description: "The connection stays open, but nothing is read, answered or sent.", dials: { deaf: true } },
  slow: {
    description: "Frames take a quarter of a second, and 64 KiB pass per second.",
    dials: { latencyMs: 250, bytesPerSecond: 65_536 },
  },
  paused: {
    description: "The gateway asks the client to pause every two seconds.",
    dials: { pauseEveryMs: 2_000 },
  },
  unreachable: { description: "No agent is connected to talk to.", dials: { targetConnected: false } },
};
