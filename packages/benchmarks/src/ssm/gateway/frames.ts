import { hash, randomFillSync } from "node:crypto";

/** Offsets of a ClientMessage; see the README of `@colloquy/ssm` for what the fields are. */
const at = { type: 4, createdDate: 40, sequence: 48, flags: 56, id: 64, digest: 80, payloadType: 112, payload: 120 };
export const headerBytes: number = at.payload;

export const payloadTypes = { output: 1, size: 3, handshakeRequest: 5, handshakeResponse: 6, handshakeComplete: 7 };

function header(type: string, flags: number): Buffer {
  const bytes = Buffer.alloc(at.payload);
  bytes.writeUInt32BE(116, 0);
  bytes.fill(0x20, at.type, at.type + 32);
  bytes.write(type, at.type, "latin1");
  bytes.writeUInt32BE(1, 36);
  bytes.writeUIntBE(Date.now(), at.createdDate + 2, 6);
  bytes.writeUInt32BE(flags, at.flags + 4);
  randomFillSync(bytes, at.id, 16);
  return bytes;
}

const outputHeader = header("output_stream_data", 0);

export const digestOf = (payload: Buffer): string => hash("sha256", payload, "binary");

/** Fills a place whose payload is there already. */
export function sealOutput(
  frame: Buffer,
  sequence: number,
  payloadType: number,
  digest: string = digestOf(frame.subarray(at.payload)),
): void {
  outputHeader.copy(frame);
  frame.writeUInt32BE(sequence, at.sequence + 4);
  // A different id in each frame is all that anybody needs of it.
  frame.writeUInt32BE(sequence, at.id + 2);
  frame.write(digest, at.digest, "latin1");
  frame.writeUInt32BE(payloadType, at.payloadType);
  frame.writeUInt32BE(frame.length - at.payload, at.payload - 4);
}

export interface InputFrame {
  readonly sequence: number;
  readonly payloadType: number;
  readonly payload: Buffer;
}

/** What the client sent: `undefined` for an acknowledgement. */
export function readInput(message: Buffer): InputFrame | undefined {
  if (message[at.type] === 0x61) return undefined;
  return {
    sequence: message.readUInt32BE(at.sequence + 4),
    payloadType: message.readUInt32BE(at.payloadType),
    payload: message.subarray(at.payload),
  };
}

const acknowledgeHead = '{"AcknowledgedMessageType":"input_stream_data","AcknowledgedMessageId":"';
const acknowledgeMiddle = '","AcknowledgedMessageSequenceNumber":';
const acknowledgeTail = ',"IsSequentialMessage":true}';
const acknowledgeHeader = header("acknowledge", 3);
const idText = "00000000-0000-4000-8000-000000000000";

/** An acknowledgement. Clients go by its number, so the id is always the same. */
export function acknowledgementBytes(sequence: number): number {
  return (
    at.payload + acknowledgeHead.length + 36 + acknowledgeMiddle.length + digits(sequence) + acknowledgeTail.length
  );
}

export function fillAcknowledgement(frame: Buffer, sequence: number): void {
  acknowledgeHeader.copy(frame);
  const text = `${acknowledgeHead}${idText}${acknowledgeMiddle}${sequence}${acknowledgeTail}`;
  frame.write(text, at.payload, "latin1");
  frame.writeUInt32BE(sequence, at.id + 2);
  frame.write(hash("sha256", text, "binary"), at.digest, "latin1");
  frame.writeUInt32BE(text.length, at.payload - 4);
}

const digits = (value: number): number => String(value).length;
