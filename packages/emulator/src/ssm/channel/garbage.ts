import type { Random } from "../../random.js";
import { at, headerBytes } from "../codec/frame.js";

/** Something that is no valid frame, made from one that is. A client must drop it, acknowledge nothing and go on. */
export function garbage(frame: Buffer, random: Random, isLethal: boolean): Buffer {
  const kinds = isLethal ? [...mild, ...lethal] : mild;
  const make = kinds[random.integer(kinds.length)] ?? noise;
  return make(frame, random);
}

type Spoil = (frame: Buffer, random: Random) => Buffer;

const noise: Spoil = (_frame, random) => Buffer.from(random.bytes(1 + random.integer(100)));

const cutShort: Spoil = (frame, random) => Buffer.from(frame.subarray(0, 1 + random.integer(headerBytes - 5)));

const wrongDigest: Spoil = (frame) => {
  const copy = Buffer.from(frame);
  copy[at.digest] = (copy[at.digest] ?? 0) ^ 0xff;
  return copy;
};

const trailingBytes: Spoil = (frame, random) => Buffer.concat([frame, random.bytes(3)]);

const noHeaderLength: Spoil = (frame) => {
  const copy = Buffer.from(frame);
  copy.writeUInt32BE(0, at.headerLength);
  return copy;
};

const noDate: Spoil = (frame) => {
  const copy = Buffer.from(frame);
  copy.fill(0, at.createdDate, at.sequence);
  return copy;
};

const unknownType: Spoil = (frame) => {
  const copy = Buffer.from(frame);
  copy.write("weather_report".padEnd(32), at.messageType, "latin1");
  return copy;
};

const mild: readonly Spoil[] = [noise, cutShort, wrongDigest, trailingBytes, noHeaderLength, noDate, unknownType];

/** Payload would begin behind the end of the message. */
const headerOnly: Spoil = (frame, random) => Buffer.from(frame.subarray(0, headerBytes + random.integer(4)));

const headerBeyond: Spoil = (frame) => {
  const copy = Buffer.from(frame);
  copy.writeUInt32BE(frame.length + 100, at.headerLength);
  return copy;
};

const lethal: readonly Spoil[] = [headerOnly, headerBeyond];
