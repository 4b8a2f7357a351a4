import type { ColloquyError } from "@colloquy/core/contract";
import type { Clock, Timer } from "../clock.js";
import { sealStreamFrame } from "../codec/encode.js";
import { at } from "../codec/layout.js";
import type { MessageIds } from "../codec/message-id.js";
import { payloadType } from "../codec/payload-type.js";
import { ssmError } from "../errors.js";
import type { SessionCipher } from "../handshake/cipher.js";
import type { ChannelCounters } from "./counters.js";
import { FramePool } from "./frame-pool.js";
import { SendWindow } from "./send-window.js";
import { type WriteCallbacks, WriteQueue } from "./write-queue.js";

export interface OutgoingOptions {
  readonly sessionId: string;
  readonly windowFrames: number;
  readonly windowBytes: number;
  /** Payload of one Output frame, before encryption. */
  readonly maxPayloadBytes: number;
  /** Without any acknowledgement for this long, while connected and not paused, the session counts as lost. */
  readonly giveUpMs: number;
  /** The sequence number of the first frame. Default 0. */
  readonly firstSequence?: number;
  readonly clock: Clock;
  readonly ids: MessageIds;
  readonly counters: ChannelCounters;
}

export interface OutgoingLine {
  send(frame: Buffer): void;
  readonly isUp: boolean;
  readonly bufferedBytes: number;
}

// What waits in our own socket is not in flight: its clock must not run. ASSUMED: a few reads of a fast peer.
const mostBufferedBytes = 1024 * 1024;
const timerGranularityMs = 10;

/** Our stream: cuts writes into frames, keeps each until it is acknowledged, and sends again what is overdue. */
export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #line: OutgoingLine;
  readonly #onGiveUp: (error: ColloquyError) => void;
  readonly #window: SendWindow;
  readonly #frames: FramePool = new FramePool();
  readonly #queue: WriteQueue = new WriteQueue();
  #acknowledging: { readonly sequence: number; readonly onAcknowledged: () => void }[] = [];
  /** Writes that end with the frame that is being filled. */
  #ended: WriteCallbacks[] = [];
  #timer: Timer | undefined;
  #isOpen = false;
  #isPaused = false;
  #isStopped = false;
  #isPumping = false;
  #lastProgressAtMs = 0;
  cipher: SessionCipher | undefined;

  constructor(options: OutgoingOptions, line: OutgoingLine, onGiveUp: (error: ColloquyError) => void) {
    this.#options = options;
    this.#line = line;
    this.#onGiveUp = onGiveUp;
    this.#window = new SendWindow(options);
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Nothing waits to be sent or acknowledged. */
  get isIdle(): boolean {
    return this.#queue.isEmpty && this.#window.unackedCount === 0;
  }

  /** When something was last acknowledged, or began to wait for it. */
  get lastProgressAtMs(): number {
    return this.#lastProgressAtMs;
  }

  get nextSequence(): number {
    return this.#window.nextSequence;
  }

  /** From now on writes leave: before, an agent would throw them away. */
  open(): void {
    this.#isOpen = true;
    this.#pump();
  }

  write(type: number, chunks: readonly Uint8Array[], callbacks: WriteCallbacks): void {
    const filled = chunks.filter(({ length }) => length > 0);
    if (this.#isStopped) return callbacks.onTaken?.(this.#endedError());
    if (filled.length > 0) this.#queue.push(type, filled, callbacks);
    else callbacks.onTaken?.();
    this.#pump();
  }

  /** For the handshake, which goes before anything else. */
  writeAtOnce(type: number, payload: Buffer, onAcknowledged?: () => void): void {
    const frame = this.#frames.take(payload.length);
    payload.copy(frame, at.payload);
    if (onAcknowledged) this.#acknowledging.push({ sequence: this.#window.nextSequence, onAcknowledged });
    this.#launch(frame, type);
  }

  acknowledge(sequence: number, nowMs: number): void {
    const frame = this.#window.acknowledge(sequence, nowMs);
    if (!frame) {
      this.#options.counters.idleAcknowledgements++;
      return;
    }
    this.#frames.giveBack(frame);
    this.#lastProgressAtMs = nowMs;
    if (this.#acknowledging.length > 0) this.#tellAcknowledged();
    this.#pump();
  }

  pause(): void {
    this.#isPaused = true;
    this.#disarm();
  }

  /** The other end is there again. */
  unpause(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#goOn();
  }

  onUp(): void {
    this.#isPaused = false;
    this.#window.expireAll();
    this.#goOn();
  }

  onDown(): void {
    this.#disarm();
  }

  onDrain(): void {
    this.#goOn();
  }

  stop(): void {
    this.#isStopped = true;
    this.#disarm();
    this.#queue.fail(this.#endedError());
  }

  #goOn(): void {
    this.#lastProgressAtMs = this.#options.clock.now();
    this.#resend();
    this.#pump();
  }

  #canSend(): boolean {
    return !this.#isPaused && this.#line.isUp && this.#line.bufferedBytes < mostBufferedBytes;
  }

  #pump(): void {
    // A callback may write again: the loop that is running takes it.
    if (this.#isPumping || !this.#isOpen) return;
    this.#isPumping = true;
    while (!this.#queue.isEmpty && this.#window.hasRoom && this.#canSend()) this.#sendNext();
    this.#isPumping = false;
  }

  #sendNext(): void {
    const type = this.#queue.nextType;
    const bytes = this.#queue.nextBytes(this.#options.maxPayloadBytes);
    let frame: Buffer;
    if (this.cipher && type === payloadType.output) {
      const plain = Buffer.allocUnsafe(bytes);
      this.#queue.fill(plain, 0, bytes, this.#noteEnded);
      const sealed = this.cipher.seal(plain);
      frame = this.#frames.take(sealed.length);
      sealed.copy(frame, at.payload);
    } else {
      frame = this.#frames.take(bytes);
      this.#queue.fill(frame, at.payload, bytes, this.#noteEnded);
    }
    const sequence = this.#window.nextSequence;
    this.#launch(frame, type);
    if (this.#ended.length === 0) return;
    const ended = this.#ended;
    this.#ended = [];
    for (const { onTaken, onAcknowledged } of ended) {
      if (onAcknowledged) this.#acknowledging.push({ sequence, onAcknowledged });
      onTaken?.();
    }
  }

  #launch(frame: Buffer, type: number): void {
    const { clock, counters, ids } = this.#options;
    const nowMs = clock.now();
    sealStreamFrame(frame, this.#window.nextSequence, type, nowMs, ids);
    if (this.#window.unackedCount === 0) this.#lastProgressAtMs = nowMs;
    counters.sentFrames++;
    const canSend = this.#canSend();
    // What cannot leave now is due as soon as it can.
    this.#window.register(frame, canSend ? nowMs : Number.NEGATIVE_INFINITY);
    if (canSend) this.#line.send(frame);
    if (!this.#timer && this.#line.isUp && !this.#isPaused) this.#arm(nowMs + this.#window.roundTrip.timeoutMs);
  }

  #tellAcknowledged(): void {
    const done: (() => void)[] = [];
    while (this.#acknowledging[0] && this.#window.isAllAcknowledgedTo(this.#acknowledging[0].sequence)) {
      done.push(this.#acknowledging[0].onAcknowledged);
      this.#acknowledging.shift();
    }
    for (const onAcknowledged of done) onAcknowledged();
  }

  #resend(): void {
    this.#disarm();
    const { clock, counters, giveUpMs, sessionId } = this.#options;
    if (this.#isStopped || this.#isPaused || !this.#line.isUp || this.#window.unackedCount === 0) return;
    const nowMs = clock.now();
    if (nowMs - this.#lastProgressAtMs >= giveUpMs) {
      const message = `Nothing was acknowledged for ${giveUpMs} ms.`;
      return this.#onGiveUp(ssmError({ code: "OUTCOME_UNKNOWN", message, sessionId }));
    }
    const nextDueAtMs = this.#window.resendDue(nowMs, (frame) => {
      if (!this.#canSend()) return false;
      counters.resentFrames++;
      this.#line.send(frame);
      return true;
    });
    if (nextDueAtMs !== undefined) this.#arm(Math.max(nextDueAtMs, nowMs + timerGranularityMs));
  }

  #arm(atMs: number): void {
    this.#timer = this.#options.clock.setTimer(atMs, () => {
      this.#timer = undefined;
      this.#resend();
    });
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  readonly #noteEnded = (callbacks: WriteCallbacks): void => {
    if (callbacks.onTaken ?? callbacks.onAcknowledged) this.#ended.push(callbacks);
  };

  #endedError(): Error {
    const { sessionId } = this.#options;
    return ssmError({ code: "SESSION_NOT_CONNECTED", message: "The session has ended.", sessionId });
  }
}
