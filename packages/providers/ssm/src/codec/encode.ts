import { writeDigest } from "./digest.js";
import { at, fullHeaderBytes, messageTypeBytes, twoPow32 } from "./layout.js";
import { type MessageIds, writeMessageId } from "./message-id.js";
import { paddedMessageType } from "./message-type.js";

/** One message of the data channel, every field as it is on the wire. */
export interface ClientMessage {
  readonly messageType: string;
  readonly schemaVersion: number;
  readonly createdAtMs: number;
  /** i64. */
  readonly sequenceNumber: bigint;
  /** u64; bit 0 SYN, bit 1 FIN. */
  readonly flags: bigint;
  /** A UUID as text. */
  readonly messageId: string;
  readonly payloadType: number;
  readonly payload: Uint8Array;
}

/**
 * Any message, with a header of 116 bytes. Throws a `RangeError` for what peers refuse to make: an empty payload, a type of
 * more than 32 bytes, an id that is no UUID.
 */
export function encodeClientMessage(message: ClientMessage): Buffer {
  if (message.payload.length === 0) throw new RangeError("A payload has at least one byte.");
  const frame = allocateFrame(headerOf(message.messageType), message.payload.length);
  frame.writeUInt32BE(message.schemaVersion, at.schemaVersion);
  writeInstant(frame, message.createdAtMs);
  frame.writeBigInt64BE(message.sequenceNumber, at.sequenceNumber);
  frame.writeBigUInt64BE(message.flags, at.flags);
  writeMessageId(frame, at.messageId, message.messageId);
  frame.writeUInt32BE(message.payloadType, at.payloadType);
  frame.set(message.payload, at.payload);
  writeDigest(frame, frame.subarray(at.payload));
  return frame;
}

/** A header with type and schema version set and everything else zero. */
export function headerOf(type: string): Buffer {
  const header = Buffer.alloc(at.payload);
  header.writeUInt32BE(fullHeaderBytes, at.headerLength);
  paddedMessageType(type).copy(header, at.messageType, 0, messageTypeBytes);
  header.writeUInt32BE(1, at.schemaVersion);
  return header;
}

/** The only allocation of a frame: the header is filled, the payload is not. */
export function allocateFrame(header: Buffer, payloadBytes: number): Buffer {
  const frame = Buffer.allocUnsafe(at.payload + payloadBytes);
  header.copy(frame);
  frame.writeUInt32BE(payloadBytes, at.payloadLength);
  return frame;
}

export function writeInstant(frame: Buffer, instantMs: number): void {
  frame.writeUInt32BE(Math.floor(instantMs / twoPow32), at.createdDate);
  frame.writeUInt32BE(instantMs % twoPow32, at.createdDate + 4);
}

/** Completes a frame of `allocateFrame` whose payload is in place. */
export function sealStreamFrame(
  frame: Buffer,
  sequence: number,
  payloadType: number,
  createdAtMs: number,
  ids: MessageIds,
): void {
  writeInstant(frame, createdAtMs);
  frame.writeUInt32BE(Math.floor(sequence / twoPow32), at.sequenceNumber);
  frame.writeUInt32BE(sequence % twoPow32, at.sequenceNumber + 4);
  ids.writeNext(frame, at.messageId);
  frame.writeUInt32BE(payloadType, at.payloadType);
  writeDigest(frame, frame.subarray(at.payload));
}
