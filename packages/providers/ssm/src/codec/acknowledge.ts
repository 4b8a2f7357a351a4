import { writeDigest } from "./digest.js";
import { allocateFrame, headerOf, writeInstant } from "./encode.js";
import { at, flagBits } from "./layout.js";
import { type MessageIds, writeIdText } from "./message-id.js";
import { messageType } from "./message-type.js";

const idTextBytes = 36;
const tail = ',"IsSequentialMessage":true}';

const head = (type: string): string => `{"AcknowledgedMessageType":"${type}","AcknowledgedMessageId":"`;
const middle = '","AcknowledgedMessageSequenceNumber":';

interface Template {
  readonly frame: Buffer;
  readonly payload: Buffer;
}

/**
 * Writes acknowledgements of frames of one type from templates, one for each length of the number: everything but the
 * instant, the ids, the number and the digest is the same in each.
 */
export class AcknowledgeWriter {
  readonly #ids: MessageIds;
  readonly #head: string;
  readonly #templates: Template[] = [];

  constructor(acknowledgedType: string, ids: MessageIds) {
    this.#ids = ids;
    this.#head = head(acknowledgedType);
  }

  /**
   * The acknowledgement of a frame that was read with this sequence number. The buffer is written again by the next call:
   * whoever keeps it longer copies it.
   */
  write(acknowledged: Buffer, sequence: number, nowMs: number): Buffer {
    const digits = String(sequence);
    const { frame, payload } = (this.#templates[digits.length] ??= this.#template(digits.length));
    const idAt = at.payload + this.#head.length;
    writeIdText(frame, idAt, acknowledged, at.messageId);
    const digitsAt = idAt + idTextBytes + middle.length;
    for (let index = 0; index < digits.length; index++) frame[digitsAt + index] = digits.charCodeAt(index);
    writeInstant(frame, nowMs);
    this.#ids.writeNext(frame, at.messageId);
    writeDigest(frame, payload);
    return frame;
  }

  #template(digitCount: number): Template {
    const text = this.#head + " ".repeat(idTextBytes) + middle + "0".repeat(digitCount) + tail;
    const frame = allocateFrame(headerOf(messageType.acknowledge), text.length);
    frame.writeUInt32BE(flagBits.synFin, at.flags + 4);
    frame.write(text, at.payload, "latin1");
    return { frame, payload: frame.subarray(at.payload) };
  }
}

const inputHead = Buffer.from(head(messageType.input), "latin1");
const inputMiddle = Buffer.from(middle, "latin1");
const middleAt = inputHead.length + idTextBytes;
const digitsAt = middleAt + inputMiddle.length;

/** The number that was acknowledged, or -1 for what is not readable. Never throws. */
export function readAcknowledgedSequence(payload: Buffer): number {
  return fastSequence(payload) ?? slowSequence(payload);
}

/** Peers write the keys in one order and without spaces, so the number has its place. */
function fastSequence(payload: Buffer): number | undefined {
  if (payload.length <= digitsAt) return undefined;
  if (payload.compare(inputMiddle, 0, inputMiddle.length, middleAt, digitsAt) !== 0) return undefined;
  if (payload.compare(inputHead, 0, inputHead.length, 0, inputHead.length) !== 0) return undefined;
  let sequence = 0;
  let place = digitsAt;
  for (; place < payload.length; place++) {
    const digit = (payload[place] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    sequence = sequence * 10 + digit;
  }
  const after = payload[place];
  const isNumber = place > digitsAt && (after === 0x2c || after === 0x7d);
  return isNumber && Number.isSafeInteger(sequence) ? sequence : undefined;
}

function slowSequence(payload: Buffer): number {
  try {
    const read = JSON.parse(payload.toString("utf8")) as Record<string, unknown> | null;
    if (read?.["AcknowledgedMessageType"] !== messageType.input) return -1;
    const sequence = read["AcknowledgedMessageSequenceNumber"];
    return typeof sequence === "number" && Number.isSafeInteger(sequence) && sequence >= 0 ? sequence : -1;
  } catch {
    return -1;
  }
}
