import type { FrameFault } from "../codec/decode.js";

/** What happened on the wire so far. For people who look for trouble, and for tests. */
export interface ChannelCounters {
  /** Frames of our stream that were sent for the first time. */
  sentFrames: number;
  resentFrames: number;
  /** Frames of the other side's stream that were taken in order. */
  receivedFrames: number;
  receivedBytes: number;
  /** Frames that came more than once; each copy was acknowledged again. */
  duplicateFrames: number;
  /** Frames that had no place yet and were left to be sent again. */
  refusedFrames: number;
  /** Frames that nobody knows what to do with. */
  ignoredFrames: number;
  /** Encrypted frames that do not open with the session's key. */
  undecryptableFrames: number;
  /** Acknowledgements of frames that were not waiting for one. */
  idleAcknowledgements: number;
  /** Dropped frames by what was wrong with them. */
  readonly faults: Record<FrameFault, number>;
  /** How often a connection came up, the first one included. */
  connections: number;
}

export function newCounters(): ChannelCounters {
  return {
    sentFrames: 0,
    resentFrames: 0,
    receivedFrames: 0,
    receivedBytes: 0,
    duplicateFrames: 0,
    refusedFrames: 0,
    ignoredFrames: 0,
    undecryptableFrames: 0,
    idleAcknowledgements: 0,
    faults: {
      too_short: 0,
      header_length: 0,
      payload_length: 0,
      message_type: 0,
      created_date: 0,
      payload_digest: 0,
    },
    connections: 0,
  };
}
