import { hasDigestOf } from "./digest.js";
import type { ClientMessage } from "./encode.js";
import { at, fullHeaderBytes, shortHeaderBytes, twoPow32 } from "./layout.js";
import { readMessageId } from "./message-id.js";
import { fastMessageType, messageType } from "./message-type.js";

/** Why a frame was dropped. */
export type FrameFault =
  | "too_short"
  | "header_length"
  | "payload_length"
  | "message_type"
  | "created_date"
  | "payload_digest";

export const frameFaults: readonly FrameFault[] = [
  "too_short",
  "header_length",
  "payload_length",
  "message_type",
  "created_date",
  "payload_digest",
];

const noBytes = Buffer.alloc(0);

/**
 * Reads frames without making an object for each: the fields hold the last frame that was read.
 * Never throws. A fault leaves the fields as they were.
 */
export class FrameReader {
  messageType = "";
  /** -1 for every number outside of what a counter from 0 can reach: such a frame is in no order. */
  sequence = -1;
  /** 0 when the frame has no such field. */
  payloadType = 0;
  /** A view of the frame, not a copy. */
  payload: Buffer = noBytes;

  read(frame: Buffer): FrameFault | undefined {
    if (frame.length < fullHeaderBytes) return "too_short";
    const headerLength = frame.readUInt32BE(at.headerLength);
    if (headerLength !== fullHeaderBytes && headerLength !== shortHeaderBytes) return "header_length";
    if (frame.length < headerLength + 4) return "too_short";
    const type = fastMessageType(frame);
    if (type === "") return "message_type";
    const payload = frame.subarray(headerLength + 4);
    // The service says start and pause in frames that have nothing else right.
    if (type !== messageType.pausePublication && type !== messageType.startPublication) {
      if (frame.readUInt32BE(headerLength) !== payload.length) return "payload_length";
      if (frame.readUInt32BE(at.createdDate) === 0 && frame.readUInt32BE(at.createdDate + 4) === 0)
        return "created_date";
      if (!hasDigestOf(frame, payload)) return "payload_digest";
    }
    this.messageType = type;
    this.sequence = readSequence(frame);
    this.payloadType = headerLength === fullHeaderBytes ? frame.readUInt32BE(at.payloadType) : 0;
    this.payload = payload;
    return undefined;
  }
}

function readSequence(frame: Buffer): number {
  const high = frame.readUInt32BE(at.sequenceNumber);
  // 2^21 times 2^32 is where a double stops counting by ones; a set sign bit is far above it too.
  return high < 2 ** 21 ? high * twoPow32 + frame.readUInt32BE(at.sequenceNumber + 4) : -1;
}

export type DecodedMessage =
  | { readonly message: ClientMessage; readonly fault?: undefined }
  | { readonly message?: undefined; readonly fault: FrameFault };

/** One frame with all of its fields, or why it would be dropped. Never throws. The payload is a view of the frame. */
export function decodeClientMessage(frame: Buffer): DecodedMessage {
  const reader = new FrameReader();
  const fault = reader.read(frame);
  if (fault !== undefined) return { fault };
  return {
    message: {
      messageType: reader.messageType,
      schemaVersion: frame.readUInt32BE(at.schemaVersion),
      createdAtMs: frame.readUInt32BE(at.createdDate) * twoPow32 + frame.readUInt32BE(at.createdDate + 4),
      sequenceNumber: frame.readBigInt64BE(at.sequenceNumber),
      flags: frame.readBigUInt64BE(at.flags),
      messageId: readMessageId(frame, at.messageId),
      payloadType: reader.payloadType,
      payload: reader.payload,
    },
  };
}
