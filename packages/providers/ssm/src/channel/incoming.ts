import { AcknowledgeWriter } from "../codec/acknowledge.js";
import type { FrameReader } from "../codec/decode.js";
import type { MessageIds } from "../codec/message-id.js";
import { messageType } from "../codec/message-type.js";
import { payloadType } from "../codec/payload-type.js";
import type { SessionCipher } from "../handshake/cipher.js";
import type { ChannelCounters } from "./counters.js";
import { detached, type HeldFrame, OrderBuffer, type OrderBufferOptions } from "./order-buffer.js";

export interface IncomingActions {
  sendAcknowledgement(frame: Buffer): void;
  /** False: not now; the frame is kept or left to be sent again. */
  deliver(type: number, payload: Buffer): boolean;
}

const handshakeTypes: ReadonlySet<number> = new Set([
  payloadType.handshakeRequest,
  payloadType.handshakeComplete,
  payloadType.challengeRequest,
]);
const encryptedTypes: ReadonlySet<number> = new Set([payloadType.output, payloadType.stderr, payloadType.exitCode]);

/**
 * The other side's stream: in order, each frame once, and acknowledged when it is delivered or safely kept.
 * Every copy of what was acknowledged is acknowledged again, as the first acknowledgement may be lost.
 */
export class Incoming {
  readonly #order: OrderBuffer;
  readonly #writer: AcknowledgeWriter;
  readonly #counters: ChannelCounters;
  readonly #actions: IncomingActions;
  #isDelivering = false;
  /** Until the session is open it is not known whether frames are encrypted: they are kept, but not acknowledged. */
  isOpen = false;
  cipher: SessionCipher | undefined;

  constructor(limits: OrderBufferOptions, ids: MessageIds, counters: ChannelCounters, actions: IncomingActions) {
    this.#order = new OrderBuffer(limits);
    this.#writer = new AcknowledgeWriter(messageType.output, ids);
    this.#counters = counters;
    this.#actions = actions;
  }

  /** Nothing is kept: all that came was delivered. */
  get isEmpty(): boolean {
    return this.#order.count === 0;
  }

  /** The sequence number of the frame whose turn it is. */
  get expected(): number {
    return this.#order.expected;
  }

  /** Frames are kept, but the one whose turn it is is missing. */
  get hasGap(): boolean {
    return this.#order.count > 0 && this.#order.held(this.#order.expected) === undefined;
  }

  receive(frame: Buffer, { sequence, payloadType, payload }: FrameReader, nowMs: number): void {
    if (sequence < 0) {
      this.#counters.ignoredFrames++;
      return;
    }
    if (sequence < this.#order.expected) {
      this.#counters.duplicateFrames++;
      return this.#acknowledge(frame, sequence, nowMs);
    }
    const held = this.#order.held(sequence);
    if (held) {
      this.#counters.duplicateFrames++;
      if (held.frame === undefined) this.#acknowledge(frame, sequence, nowMs);
    } else if (sequence === this.#order.expected && !this.#isDelivering) {
      this.#receiveNext(frame, sequence, payloadType, payload, nowMs);
    } else this.#hold(frame, sequence, payloadType, payload, nowMs);
  }

  /** Goes on after `deliver` answered false, or after the session has opened. */
  drain(nowMs: number): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    for (;;) {
      const sequence = this.#order.expected;
      const held = this.#order.held(sequence);
      if (!held) break;
      const plain = held.isPlain ? held.payload : this.#plain(held.payloadType, held.payload);
      if (plain === undefined) {
        this.#order.discard(sequence);
        break;
      }
      if (held.frame && isHandshake(held)) this.#acknowledge(held.frame, sequence, nowMs);
      if (!this.#actions.deliver(held.payloadType, plain)) break;
      if (held.frame && !isHandshake(held)) this.#acknowledge(held.frame, sequence, nowMs);
      this.#counters.receivedFrames++;
      this.#counters.receivedBytes += plain.length;
      this.#order.discard(sequence);
      this.#order.advance();
    }
    this.#isDelivering = false;
  }

  #receiveNext(frame: Buffer, sequence: number, type: number, payload: Buffer, nowMs: number): void {
    const plain = this.#plain(type, payload);
    if (plain === undefined) return;
    const isHandshake = handshakeTypes.has(type);
    if (isHandshake) this.#acknowledge(frame, sequence, nowMs);
    this.#isDelivering = true;
    const isTaken = this.#actions.deliver(type, plain);
    this.#isDelivering = false;
    if (!isTaken) return this.#hold(frame, sequence, type, payload, nowMs);
    if (!isHandshake) this.#acknowledge(frame, sequence, nowMs);
    this.#counters.receivedFrames++;
    this.#counters.receivedBytes += plain.length;
    this.#order.advance();
    if (this.#order.count > 0) this.drain(nowMs);
  }

  #hold(frame: Buffer, sequence: number, type: number, payload: Buffer, nowMs: number): void {
    if (!this.#order.hasRoomFor(sequence, payload)) {
      this.#counters.refusedFrames++;
      return;
    }
    if (!this.isOpen) {
      const copy = detached(frame);
      const kept = copy.subarray(copy.length - payload.length);
      return this.#order.hold(sequence, { frame: copy, payloadType: type, payload: kept, isPlain: false });
    }
    const plain = this.#plain(type, payload);
    if (plain === undefined) return;
    this.#order.hold(sequence, { frame: undefined, payloadType: type, payload: detached(plain), isPlain: true });
    this.#acknowledge(frame, sequence, nowMs);
  }

  /** Undefined for what does not open: it is not acknowledged, so a good copy can still come. */
  #plain(type: number, payload: Buffer): Buffer | undefined {
    if (!this.cipher || !encryptedTypes.has(type)) return payload;
    const plain = this.cipher.open(payload);
    if (plain === undefined) this.#counters.undecryptableFrames++;
    return plain;
  }

  #acknowledge(frame: Buffer, sequence: number, nowMs: number): void {
    this.#actions.sendAcknowledgement(this.#writer.write(frame, sequence, nowMs));
  }
}

const isHandshake = ({ payloadType: type }: HeldFrame): boolean => handshakeTypes.has(type);
