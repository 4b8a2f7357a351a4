import type { VirtualClock } from "@colloquy/core/testing";
import type { FarEnd, Gateway } from "./network.js";
import { buildAck, buildFrame, channelClosed, parseFrame, type WireFrame } from "./wire.js";

export interface TestAgentOptions {
  /** Frames in flight. */
  readonly window?: number;
  /** Tokens that are accepted, each once; a resume mints the next. */
  readonly token?: string;
}

/**
 * A small service and agent in one, for the far end of the virtual network. Sends each frame again every 100 ms until it is
 * acknowledged, acknowledges every copy of input, and keeps its counters over connections.
 */
export class TestAgent implements Gateway {
  /** Input in order, each frame once. */
  readonly input: WireFrame[] = [];
  readonly opens: Record<string, unknown>[] = [];
  readonly urls: string[] = [];
  /** Sequence numbers that were acknowledged to us, once for each acknowledgement. */
  readonly acknowledged: number[] = [];
  readonly acks: WireFrame[] = [];
  readonly rejectedTokens: string[] = [];
  inputCopies = 0;
  acknowledgesInput = true;
  onInput: ((frame: WireFrame) => void) | undefined;
  /** Called whenever nothing waits to be acknowledged. */
  onIdle: (() => void) | undefined;
  token: string;
  readonly #clock: VirtualClock;
  readonly #window: number;
  #far: FarEnd | undefined;
  #isAuthenticated = false;
  #expectedInput = 0;
  #early = new Map<number, WireFrame>();
  #next = 0;
  #oldest = 0;
  readonly #queue: { readonly payloadType: number; readonly payload: Buffer }[] = [];
  readonly #unacked = new Map<number, { readonly bytes: Buffer; sentAtMs: number }>();
  #isTicking = false;

  constructor(clock: VirtualClock, options: TestAgentOptions = {}) {
    this.#clock = clock;
    this.#window = options.window ?? 400;
    this.token = options.token ?? "token-0";
  }

  get unackedCount(): number {
    return this.#unacked.size;
  }

  get outputBytesLeft(): number {
    return this.#queue.length;
  }

  /** Mints the token of the next connection. */
  resume(): { token: string } {
    this.token = `token-${this.opens.length + this.rejectedTokens.length}`;
    return { token: this.token };
  }

  send(payloadType: number, payload: Buffer | string): void {
    this.#queue.push({ payloadType, payload: Buffer.from(payload) });
    this.#pump();
  }

  output(bytes: Buffer, frameBytes = 1024): void {
    for (let from = 0; from < bytes.length; from += frameBytes)
      this.#queue.push({ payloadType: 1, payload: bytes.subarray(from, from + frameBytes) });
    this.#pump();
  }

  raw(frame: Buffer): void {
    this.#far?.send(frame);
  }

  control(type: string): void {
    this.raw(buildFrame({ type }));
  }

  closeChannel(output = ""): void {
    this.raw(channelClosed(output));
  }

  hangUp(): void {
    this.#far?.close();
  }

  /** The bytes of all Output that came in. */
  get typed(): Buffer {
    return Buffer.concat(this.input.filter(({ payloadType }) => payloadType === 1).map(({ payload }) => payload));
  }

  onConnection(far: FarEnd, url: string): void {
    this.#far = far;
    this.#isAuthenticated = false;
    this.urls.push(url);
  }

  onClosed(far: FarEnd): void {
    if (far === this.#far) this.#far = undefined;
  }

  onText(far: FarEnd, text: string): void {
    const open = JSON.parse(text) as Record<string, unknown>;
    this.opens.push(open);
    if (open["TokenValue"] !== this.token) {
      this.rejectedTokens.push(String(open["TokenValue"]));
      return far.close();
    }
    this.#isAuthenticated = true;
    for (const waiting of this.#unacked.values()) waiting.sentAtMs = 0;
    this.#pump();
    this.#tick();
  }

  onFrame(_far: FarEnd, bytes: Buffer): void {
    if (!this.#isAuthenticated) return;
    const frame = parseFrame(bytes);
    if (frame.type === "acknowledge") return this.#onAck(frame);
    if (frame.type !== "input_stream_data") throw new Error(`unexpected ${frame.type}`);
    this.inputCopies++;
    if (this.acknowledgesInput) this.raw(buildAck(frame));
    if (frame.sequence < this.#expectedInput) return;
    this.#early.set(frame.sequence, frame);
    for (let next = this.#early.get(this.#expectedInput); next; next = this.#early.get(this.#expectedInput)) {
      this.#early.delete(this.#expectedInput++);
      this.input.push(next);
      this.onInput?.(next);
    }
  }

  #onAck(frame: WireFrame): void {
    this.acks.push(frame);
    const sequence = (JSON.parse(frame.payload.toString()) as { AcknowledgedMessageSequenceNumber: number })
      .AcknowledgedMessageSequenceNumber;
    this.acknowledged.push(sequence);
    this.#unacked.delete(sequence);
    while (this.#oldest < this.#next && !this.#unacked.has(this.#oldest)) this.#oldest++;
    this.#pump();
    if (this.#unacked.size === 0 && this.#queue.length === 0) this.onIdle?.();
  }

  #pump(): void {
    while (this.#far && this.#isAuthenticated && this.#unacked.size < this.#window) {
      const next = this.#queue.shift();
      if (!next) break;
      const sequence = this.#next++;
      const bytes = buildFrame({ type: "output_stream_data", sequence, flags: sequence === 0 ? 1 : 0, ...next });
      this.#unacked.set(sequence, { bytes, sentAtMs: this.#clock.now() });
      this.raw(bytes);
    }
    this.#tick();
  }

  #tick(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    this.#clock.setTimer(this.#clock.now() + 20, () => {
      this.#isTicking = false;
      const nowMs = this.#clock.now();
      for (const waiting of this.#unacked.values())
        if (this.#far && this.#isAuthenticated && nowMs - waiting.sentAtMs >= 100) {
          waiting.sentAtMs = nowMs;
          this.raw(waiting.bytes);
        }
      if (this.#unacked.size > 0 && this.#far) this.#tick();
    });
  }
}
