import { hash } from "node:crypto";
import { messageIdBytes, readMessageId } from "./message-id.js";

/** Where each field of a frame begins. All integers are big-endian. */
export const at = {
  headerLength: 0,
  messageType: 4,
  schemaVersion: 36,
  createdDate: 40,
  sequence: 48,
  flags: 56,
  messageId: 64,
  digest: 80,
  payloadType: 112,
  payloadLength: 116,
} as const;

/** Up to and with PayloadType. The service's own frames may leave PayloadType out. */
export const headerBytes = 116;
const shortHeaderBytes = 112;

const sha256 = (bytes: Uint8Array): Buffer => hash("sha256", bytes, "buffer");

export interface FrameFields {
  messageType: string;
  createdAtMs: number;
  sequence: number;
  flags: number;
  /** UUID text. */
  messageId: string;
  payloadType: number;
  payload: Uint8Array;
  /** How the service writes its own frames: no PayloadType field, and NULs after the type. Default false. */
  isServiceStyle?: boolean;
}

/** One frame as it goes into one WebSocket message. Throws `RangeError` for a type that does not fit. */
export function encodeFrame(fields: FrameFields): Buffer {
  const { payload, isServiceStyle = false } = fields;
  const header = isServiceStyle ? shortHeaderBytes : headerBytes;
  const frame = Buffer.alloc(header + 4 + payload.length);
  if (fields.messageType.length > 32) throw new RangeError("A message type has at most 32 bytes.");
  frame.writeUInt32BE(header, at.headerLength);
  frame.write(fields.messageType.padEnd(32, isServiceStyle ? "\0" : " "), at.messageType, "latin1");
  frame.writeUInt32BE(1, at.schemaVersion);
  writeUint64(frame, at.createdDate, fields.createdAtMs);
  writeUint64(frame, at.sequence, fields.sequence);
  writeUint64(frame, at.flags, fields.flags);
  frame.set(messageIdBytes(fields.messageId), at.messageId);
  frame.set(sha256(payload), at.digest);
  if (!isServiceStyle) frame.writeUInt32BE(fields.payloadType, at.payloadType);
  frame.writeUInt32BE(payload.length, header);
  frame.set(payload, header + 4);
  return frame;
}

/** For numbers that are not negative. */
export function writeUint64(target: Buffer, offset: number, value: number): void {
  target.writeUInt32BE(Math.floor(value / 2 ** 32), offset);
  target.writeUInt32BE(value % 2 ** 32, offset + 4);
}

export interface Frame {
  messageType: string;
  createdAtMs: number;
  sequence: number;
  flags: number;
  payloadType: number;
  payload: Buffer;
  /** Some clients send other bytes there. Agents never check them, so this is for the record only. */
  digestMatches(): boolean;
  lengthMatches: boolean;
  /** The UUID, read when it is asked for. */
  messageId(): string;
}

export type FrameFault = "too_short" | "bad_header_length" | "no_message_type" | "no_created_date" | "bad_sequence";

const paddedTypes = new Map(
  ["input_stream_data", "output_stream_data", "acknowledge"].map((type) => [type.padEnd(32), type]),
);

/** Reads one frame; a word on what is wrong for what cannot be one. Never throws. */
export function decodeFrame(bytes: Buffer): Frame | FrameFault {
  if (bytes.length < at.payloadType + 4) return "too_short";
  const header = bytes.readUInt32BE(at.headerLength);
  if (header !== headerBytes && header !== shortHeaderBytes) return "bad_header_length";
  if (bytes.length < header + 4) return "too_short";
  const padded = bytes.toString("latin1", at.messageType, at.schemaVersion);
  const messageType = paddedTypes.get(padded) ?? trimmed(padded);
  if (messageType === "") return "no_message_type";
  const createdAtMs = Number(bytes.readBigUInt64BE(at.createdDate));
  if (createdAtMs === 0) return "no_created_date";
  const sequence = Number(bytes.readBigInt64BE(at.sequence));
  if (!Number.isSafeInteger(sequence) || sequence < 0) return "bad_sequence";
  const payload = bytes.subarray(header + 4);
  return {
    messageType,
    createdAtMs,
    sequence,
    flags: Number(bytes.readBigUInt64BE(at.flags)),
    payloadType: header === headerBytes ? bytes.readUInt32BE(at.payloadType) : 0,
    payload,
    digestMatches: () => sha256(payload).equals(bytes.subarray(at.digest, at.payloadType)),
    lengthMatches: bytes.readUInt32BE(header) === payload.length,
    messageId: () => readMessageId(bytes, at.messageId),
  };
}

/** Without the NULs at both ends, and then without the white space. */
function trimmed(padded: string): string {
  let from = 0;
  let to = padded.length;
  while (from < to && padded[from] === "\0") from += 1;
  while (to > from && padded[to - 1] === "\0") to -= 1;
  return padded.slice(from, to).trim();
}
