import type { ColloquyError } from "@colloquy/core/contract";
import type { Timer } from "../clock.js";
import { readAcknowledgedSequence } from "../codec/acknowledge.js";
import { defaultSize, encodeSize, readClosingText } from "../codec/controls.js";
import { FrameReader } from "../codec/decode.js";
import { MessageIds } from "../codec/message-id.js";
import { messageType } from "../codec/message-type.js";
import { payloadType } from "../codec/payload-type.js";
import { ssmError } from "../errors.js";
import { type Agreement, Negotiation } from "../handshake/negotiation.js";
import { Connection } from "./connection.js";
import { type ChannelCounters, newCounters } from "./counters.js";
import { Ending } from "./ending.js";
import { Incoming } from "./incoming.js";
import type { ChannelSettings } from "./options.js";
import { Outgoing } from "./outgoing.js";
import type { ChannelStatus, Consumer, SessionEnd } from "./session-channel.js";
import type { StreamPosition } from "./stream-position.js";
import type { WriteCallbacks } from "./write-queue.js";

// ASSUMED: agents that want a handshake ask at once; a shell's first output takes them a second.
const quietMs = 500;

// The other side does not read what we answer: taking more would only pile up acknowledgements here.
const mostUnsentBytes = 16 * 1024 * 1024;

export interface DataChannelEvents {
  onStatus(status: ChannelStatus): void;
  /** The agent has spoken and the handshake, if it wanted one, is done. No agreement: a plain shell. */
  onReady(agreement: Agreement | undefined): void;
  /** Once, when everything that came was delivered. */
  onEnd(end: SessionEnd): void;
}

type Phase = "waiting" | "handshake" | "open" | "ended";

/** One session's stream of frames in both directions, over as many connections as it takes. */
export class DataChannel {
  readonly #settings: ChannelSettings;
  readonly #events: DataChannelEvents;
  readonly #connection: Connection;
  readonly #outgoing: Outgoing;
  readonly #incoming: Incoming;
  readonly #negotiation: Negotiation;
  readonly #reader: FrameReader = new FrameReader();
  readonly counters: ChannelCounters = newCounters();
  #consumer: Consumer | undefined;
  #phase: Phase = "waiting";
  #readyDeadline: Timer | undefined;
  readonly #ending: Ending;
  #quiet: Timer | undefined;
  #hasProbed = false;
  #isClean = false;
  #ended: SessionEnd | undefined;

  constructor(settings: ChannelSettings, acceptsSessionType: (type: string) => boolean, events: DataChannelEvents) {
    this.#settings = settings;
    this.#events = events;
    const { clock, limits, sessionId, timings, fillRandom } = settings;
    const ids = new MessageIds(fillRandom);
    const fail = (error: ColloquyError): void => this.fail(error);
    this.#connection = new Connection(
      { ...settings, url: settings.streamUrl, token: settings.tokenValue, ids },
      {
        onUp: () => this.#onUp(),
        onDown: () => this.#onDown(),
        onTrouble: (trouble) => settings.onTrouble(trouble),
        onFrame: (bytes) => this.#onFrame(bytes),
        onDrain: () => this.#outgoing.onDrain(),
        onGone: () => this.#onGone(),
        onLost: fail,
      },
    );
    this.#outgoing = new Outgoing(
      {
        sessionId,
        ...limits,
        giveUpMs: timings.giveUpMs,
        firstSequence: settings.position?.nextSequence ?? 0,
        clock,
        ids,
        counters: this.counters,
      },
      this.#connection,
      fail,
    );
    const expected = settings.position?.expectedSequence ?? 0;
    const buffer = { frames: limits.receiveFrames, bytes: limits.receiveBytes, expected };
    this.#incoming = new Incoming(buffer, ids, this.counters, {
      sendAcknowledgement: (frame) => this.#connection.send(frame),
      deliver: (type, payload) => this.#deliver(type, payload),
    });
    this.#ending = new Ending(
      clock,
      timings.closeDeadlineMs,
      {
        isIdle: () => this.#outgoing.isIdle,
        lastProgressAtMs: () => this.#outgoing.lastProgressAtMs,
        isDelivered: () => this.#incoming.isEmpty,
        hasGap: () => this.#incoming.hasGap,
        isUp: () => this.#connection.isUp,
        hasConsumer: () => this.#consumer !== undefined,
      },
      (end) => this.#end(end),
    );
    this.#negotiation = new Negotiation(
      { ...settings, acceptsSessionType, fill: fillRandom },
      {
        respond: (type, payload) => {
          this.#adoptCipher();
          this.#outgoing.writeAtOnce(type, payload);
        },
        onAgreed: (agreement) => this.#open(agreement),
        onFailed: fail,
      },
    );
  }

  start(): void {
    const { clock, sessionId, timings } = this.#settings;
    this.#events.onStatus("connecting");
    if (Number.isFinite(timings.readyDeadlineMs))
      this.#readyDeadline = clock.setTimer(clock.now() + timings.readyDeadlineMs, () => {
        const message = `The agent did not open the session within ${timings.readyDeadlineMs} ms.`;
        const cause = this.#connection.lastError;
        const code = this.#connection.connectCount === 0 ? "NETWORK_UNREACHABLE" : "DEADLINE_EXCEEDED";
        this.fail(ssmError({ code, message, sessionId, outcome: "unknown", cause }));
      });
    this.#connection.start();
  }

  /** Everything of the stream goes to this one. What came before it is kept. */
  attach(consumer: Consumer): void {
    this.#consumer = consumer;
    this.deliver();
    if (this.#ended) consumer.end(this.#ended);
  }

  /** For a session that is to end: nobody is going to ask for what came. */
  discardUnclaimed(): void {
    if (!this.#consumer) this.attach({ take: () => true, end() {} });
  }

  /** The consumer can take more. */
  deliver(): void {
    this.#incoming.drain(this.#settings.clock.now());
    this.#ending.check();
  }

  write(type: number, chunks: readonly Uint8Array[], callbacks: WriteCallbacks = {}): void {
    this.#outgoing.write(type, chunks, callbacks);
  }

  /** Waits for what was written, as long as acknowledgements come, then closes the connection. */
  close(): void {
    if (this.#phase === "ended" || this.#ending.isFromHere) return;
    this.#events.onStatus("terminating");
    if (this.#phase === "open") this.#ending.closeFromHere();
    else this.#end({ reason: "closed_by_us", text: "" });
  }

  fail(error: ColloquyError): void {
    this.#end({ reason: "failed", text: "", error });
  }

  #onUp(): void {
    this.counters.connections = this.#connection.connectCount;
    if (this.#phase === "open" && !this.#ending.isUnderWay) this.#events.onStatus("connected");
    this.#outgoing.onUp();
    if (this.#phase !== "waiting" || this.#hasProbed) return;
    if (this.#settings.position) this.#probe();
    else this.#probeWhenQuiet();
  }

  /**
   * An agent that wants a handshake begins with it. One that says nothing may run a silent command: when it acknowledges a
   * size without having asked for anything, it is there and wants none. Input must not be tried: a handshake eats it.
   */
  #probeWhenQuiet(): void {
    const { clock } = this.#settings;
    this.#quiet?.cancel();
    this.#quiet = clock.setTimer(clock.now() + quietMs, () => {
      if (this.#phase === "waiting" && this.#connection.isUp) this.#probe();
    });
  }

  #probe(): void {
    this.#hasProbed = true;
    const { columns, rows } = defaultSize;
    this.#outgoing.writeAtOnce(payloadType.size, encodeSize(columns, rows), () => {
      if (this.#phase === "waiting") this.#open(this.#settings.position?.agreement);
    });
  }

  /** Where the stream stands; undefined while something is under way, or after it was lost. */
  position(agreement: Agreement): StreamPosition | undefined {
    if (!this.#isClean || this.#ended?.reason !== "closed_by_us" || agreement.isEncrypted) return undefined;
    return { nextSequence: this.#outgoing.nextSequence, expectedSequence: this.#incoming.expected, agreement };
  }

  #onDown(): void {
    this.#outgoing.onDown();
    if (this.#ending.isUnderWay) this.#ending.check();
    else this.#events.onStatus("disconnected");
  }

  #onGone(): void {
    this.#closeFromThere({ reason: "gone", text: "The session has timed out." });
  }

  #onFrame(bytes: Buffer): void {
    const reader = this.#reader;
    const fault = reader.read(bytes);
    if (fault !== undefined) {
      this.counters.faults[fault]++;
      return;
    }
    switch (reader.messageType) {
      case messageType.output:
        if (this.#phase === "ended") return;
        if (this.#outgoing.isPaused) this.#outgoing.unpause();
        if (this.#connection.bufferedBytes > mostUnsentBytes) this.counters.refusedFrames++;
        else this.#incoming.receive(bytes, reader, this.#settings.clock.now());
        if (this.#ending.isUnderWay) this.#ending.check();
        return;
      case messageType.acknowledge:
        if (this.#outgoing.isPaused) this.#outgoing.unpause();
        this.#outgoing.acknowledge(readAcknowledgedSequence(reader.payload), this.#settings.clock.now());
        if (this.#ending.isUnderWay) this.#ending.check();
        return;
      case messageType.channelClosed:
        return this.#closeFromThere({ reason: "closed_by_service", text: readClosingText(reader.payload) });
      case messageType.pausePublication:
        return this.#outgoing.pause();
      case messageType.startPublication:
        return this.#outgoing.unpause();
      default:
        this.counters.ignoredFrames++;
    }
  }

  #deliver(type: number, payload: Buffer): boolean {
    if (this.#phase === "open" || this.#phase === "ended") {
      if (isHandshakeType(type)) {
        if (this.#hasProbed) this.#negotiate(type, payload);
        return true;
      }
      return this.#consumer?.take(type, payload) ?? false;
    }
    if (isHandshakeType(type)) {
      this.#phase = "handshake";
      this.#negotiate(type, payload);
      return true;
    }
    if (this.#phase !== "waiting") return false;
    // Whoever begins with output wants no handshake: a plain shell.
    this.#open(this.#settings.position?.agreement);
    return this.#consumer?.take(type, payload) ?? false;
  }

  #negotiate(type: number, payload: Buffer): void {
    if (type === payloadType.handshakeRequest) this.#negotiation.begin(payload);
    else if (type === payloadType.challengeRequest) this.#negotiation.challenge(payload);
    else this.#negotiation.complete(payload);
  }

  #open(agreement: Agreement | undefined): void {
    if (this.#phase === "open" && agreement && !isLikePlainShell(agreement)) {
      const message = "The agent asked for a handshake only after it had taken a size.";
      return this.fail(ssmError({ code: "RESPONSE_MALFORMED", message, sessionId: this.#settings.sessionId }));
    }
    if (this.#phase === "ended" || this.#phase === "open") return;
    this.#phase = "open";
    this.#readyDeadline?.cancel();
    this.#quiet?.cancel();
    this.#adoptCipher();
    this.#outgoing.cipher = this.#negotiation.cipher;
    this.#incoming.isOpen = true;
    if (this.#connection.isUp) this.#events.onStatus("connected");
    this.#events.onReady(agreement);
    this.#outgoing.open();
  }

  #adoptCipher(): void {
    this.#incoming.cipher = this.#negotiation.cipher;
  }

  #closeFromThere(end: SessionEnd): void {
    if (this.#phase === "ended" || (this.#ending.isUnderWay && !this.#ending.isFromHere)) return;
    this.#connection.expectClose();
    this.#events.onStatus("terminating");
    this.#ending.closeFromThere(end);
  }

  #end(end: SessionEnd): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.#readyDeadline?.cancel();
    this.#quiet?.cancel();
    this.#ending.cancel();
    this.#negotiation.stop();
    this.#isClean = this.#outgoing.isIdle && this.#incoming.isEmpty && this.#incoming.isOpen;
    this.#outgoing.stop();
    if (end.reason === "failed") this.#connection.abort();
    else void this.#connection.close();
    const failure = this.#negotiation.failure;
    const told = failure && end.reason !== "failed" ? { ...end, reason: "failed" as const, error: failure } : end;
    this.#ended = told;
    this.#events.onStatus(told.reason === "failed" ? "failed" : "terminated");
    this.#consumer?.end(told);
    this.#events.onEnd(told);
  }
}

const isLikePlainShell = ({ sessionType, isEncrypted }: Agreement): boolean =>
  !isEncrypted && (sessionType === "Standard_Stream" || sessionType === "InteractiveCommands");

const isHandshakeType = (type: number): boolean =>
  type === payloadType.handshakeRequest ||
  type === payloadType.handshakeComplete ||
  type === payloadType.challengeRequest;
