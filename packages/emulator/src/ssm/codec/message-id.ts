import type { Random } from "../../random.js";

/** Fills 16 bytes at `offset` with a fresh version 4 UUID as the wire has it: the second half first. */
export function writeMessageId(target: Buffer, offset: number, random: Random): void {
  for (let at = 0; at < 16; at += 4) target.writeUInt32BE(random.integer(2 ** 32), offset + at);
  target[offset] = 0x80 | ((target[offset] ?? 0) & 0x3f);
  target[offset + 14] = 0x40 | ((target[offset + 14] ?? 0) & 0x0f);
}

/** The UUID at `offset` as text, its halves put back in order. */
export function readMessageId(source: Buffer, offset: number): string {
  const hex = source.toString("hex", offset, offset + 16);
  return `${hex.slice(16, 24)}-${hex.slice(24, 28)}-${hex.slice(28, 32)}-${hex.slice(0, 4)}-${hex.slice(4, 16)}`;
}

/** A UUID text as its 16 bytes on the wire. */
export function messageIdBytes(uuid: string): Buffer {
  const bytes = Buffer.from(uuid.replaceAll("-", ""), "hex");
  return Buffer.concat([bytes.subarray(8), bytes.subarray(0, 8)]);
}
