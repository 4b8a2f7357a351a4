import { createHash } from "node:crypto";

/** The wire format once more, written apart from the package, so that both cannot share a mistake. */
export interface WireFrame {
  readonly type: string;
  readonly sequence: number;
  readonly flags: number;
  readonly payloadType: number;
  /** As it travels: the halves swapped. */
  readonly id: Buffer;
  readonly payload: Buffer;
}

let minted = 0;

/** A different id for each call, in wire order. */
function mintWireId(): Buffer {
  const id = createHash("md5").update(`id ${minted++}`).digest();
  id[0] = (id[0]! & 0x3f) | 0x80;
  id[14] = (id[14]! & 0x0f) | 0x40;
  return id;
}

export function buildFrame(frame: Partial<WireFrame> & { type: string }): Buffer {
  const { type, sequence = 0, flags = 0, payloadType = 0, id = mintWireId(), payload = Buffer.alloc(0) } = frame;
  const numbers = (...parts: (readonly [bytes: number, value: bigint])[]): Buffer =>
    Buffer.concat(
      parts.map(([bytes, value]) =>
        Buffer.from(
          BigInt.asUintN(bytes * 8, value)
            .toString(16)
            .padStart(bytes * 2, "0"),
          "hex",
        ),
      ),
    );
  return Buffer.concat([
    numbers([4, 116n]),
    Buffer.from(type.padEnd(32, " "), "ascii"),
    numbers([4, 1n], [8, 1_700_000_000_000n], [8, BigInt(sequence)], [8, BigInt(flags)]),
    id,
    createHash("sha256").update(payload).digest(),
    numbers([4, BigInt(payloadType)], [4, BigInt(payload.length)]),
    payload,
  ]);
}

/** Throws when anything is not as a careful peer would have it. */
export function parseFrame(bytes: Buffer): WireFrame {
  const number = (from: number, length: number): bigint => BigInt(`0x${bytes.toString("hex", from, from + length)}`);
  if (number(0, 4) !== 116n) throw new Error("header length");
  if (number(36, 4) !== 1n) throw new Error("schema version");
  if (number(40, 8) === 0n) throw new Error("created date");
  const payload = bytes.subarray(120);
  if (number(116, 4) !== BigInt(payload.length)) throw new Error("payload length");
  if (!createHash("sha256").update(payload).digest().equals(bytes.subarray(80, 112))) throw new Error("digest");
  return {
    type: bytes.toString("ascii", 4, 36).trimEnd(),
    sequence: Number(number(48, 8)),
    flags: Number(number(56, 8)),
    payloadType: Number(number(112, 4)),
    id: Buffer.from(bytes.subarray(64, 80)),
    payload: Buffer.from(payload),
  };
}

function idText(wire: Buffer): string {
  const hex = Buffer.concat([wire.subarray(8), wire.subarray(0, 8)]).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function buildAck(frame: WireFrame): Buffer {
  const payload = JSON.stringify({
    AcknowledgedMessageType: frame.type,
    AcknowledgedMessageId: idText(frame.id),
    AcknowledgedMessageSequenceNumber: frame.sequence,
    IsSequentialMessage: true,
  });
  return buildFrame({ type: "acknowledge", flags: 3, payload: Buffer.from(payload) });
}

export function channelClosed(output = ""): Buffer {
  const payload = JSON.stringify({ MessageType: "channel_closed", SchemaVersion: 1, SessionId: "s-1", Output: output });
  return buildFrame({ type: "channel_closed", payloadType: 1, payload: Buffer.from(payload) });
}
