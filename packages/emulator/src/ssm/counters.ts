/** What happened on one session since it was started. Frames are stream frames unless they say otherwise. */
export interface SsmCounters {
  /** Open messages that were accepted: the first connection and every one after a break. */
  connections: number;
  /** Frames of the agent, each counted once. */
  framesOut: number;
  /** Frames of the agent that were sent again. */
  copiesOut: number;
  /** Bytes of output, before encryption. */
  bytesOut: number;
  /** Acknowledgements of frames that were under way. */
  acksIn: number;
  /** Acknowledgements of anything else: a second one, or of a frame that was never sent. */
  staleAcksIn: number;
  /** Frames that counted as delivered though nobody acknowledged them. */
  presumedDelivered: number;
  /** Frames of the client that were taken, each counted once. */
  framesIn: number;
  /** Bytes of input, decrypted. */
  bytesIn: number;
  /** Copies of frames that were there already. */
  duplicatesIn: number;
  /** Frames that came before their turn and were kept. */
  earlyFramesIn: number;
  /** Frames that were not acknowledged because the agent could not take them. */
  refusedIn: number;
  /** Acknowledgements that were sent, one for every copy. */
  acksOut: number;
  /** Messages of the client that are no frame. */
  badFramesIn: number;
  /** Frames with another digest than their payload's; taken all the same, as agents do. */
  wrongDigestsIn: number;
  /** Frames whose length field is wrong; taken all the same. */
  wrongLengthsIn: number;
  /** New frames of the client that came while it was asked to pause. */
  framesWhilePaused: number;
  pings: number;
  /** What the weather did, both ways. */
  lost: number;
  doubled: number;
  overtaken: number;
  garbage: number;
}

export function noCounts(): SsmCounters {
  return {
    connections: 0,
    framesOut: 0,
    copiesOut: 0,
    bytesOut: 0,
    acksIn: 0,
    staleAcksIn: 0,
    presumedDelivered: 0,
    framesIn: 0,
    bytesIn: 0,
    duplicatesIn: 0,
    earlyFramesIn: 0,
    refusedIn: 0,
    acksOut: 0,
    badFramesIn: 0,
    wrongDigestsIn: 0,
    wrongLengthsIn: 0,
    framesWhilePaused: 0,
    pings: 0,
    lost: 0,
    doubled: 0,
    overtaken: 0,
    garbage: 0,
  };
}
