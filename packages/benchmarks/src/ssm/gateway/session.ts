import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { bytesOfStream, isPort, type SsmJob } from "../job.js";
import {
  acknowledgementBytes,
  digestOf,
  fillAcknowledgement,
  headerBytes,
  payloadTypes,
  readInput,
  sealOutput,
} from "./frames.js";
import { SmuxCounter, SmuxSource, smux, smuxHeader } from "./smux.js";
import { MessageReader, MessageWriter, opcode } from "./web-socket.js";

// Clients keep 10,000 frames; what waits in the socket is not in flight.
const mostInFlightFrames = 8_000;
const mostInFlightBytes = 4 * 1024 * 1024;
const mostWaitingBytes = 1024 * 1024;

const portProperties = { portNumber: "80", type: "LocalPortForwarding" };
const handshakeRequest = JSON.stringify({
  AgentVersion: "3.3.0.0",
  RequestedClientActions: [
    { ActionType: "SessionType", ActionParameters: { SessionType: "Port", Properties: portProperties } },
  ],
});
const handshakeComplete = JSON.stringify({ HandshakeTimeToComplete: 1_000_000, CustomerMessage: "" });

/** One session of the lean gateway: sends as fast as it is acknowledged, acknowledges and counts what comes. */
export class BenchSession {
  readonly #job: SsmJob;
  readonly #writer: MessageWriter;
  readonly #block: Buffer;
  readonly #digest: string;
  readonly #source: SmuxSource;
  readonly #counter: SmuxCounter;
  readonly #replies: Buffer[] = [];
  readonly #arrived: Map<number, number> = new Map();
  #sequence = 0;
  #expected = 0;
  #acknowledged = 0;
  #leftBytes = 0;
  #receivedBytes = 0;
  #willFlush = false;

  constructor(socket: Duplex, job: SsmJob) {
    this.#job = job;
    this.#writer = new MessageWriter(socket);
    this.#block = randomBytes(Math.max(job.frameBytes, 65_536));
    this.#digest = digestOf(this.#block.subarray(0, job.frameBytes));
    this.#source = new SmuxSource(this.#block);
    this.#counter = new SmuxCounter((command, stream, bytes) => this.#onSmux(command, stream, bytes));
    const reader = new MessageReader((code, message) => this.#onMessage(code, message, socket));
    socket.on("data", (chunk: Buffer) => {
      reader.read(chunk);
      this.#pump();
    });
    socket.on("drain", () => this.#pump());
    socket.on("error", () => socket.destroy());
  }

  /** Of the shell's input, or of the port's streams without their framing. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get sentBytes(): number {
    return this.#job.kind === "output" ? this.#job.bytes - this.#leftBytes : 0;
  }

  #onMessage(code: number, message: Buffer, socket: Duplex): void {
    if (code === opcode.binary) return this.#onFrame(message);
    if (code === opcode.text) this.#send(...this.#firstFrame());
    else if (code === opcode.ping) message.copy(this.#writer.place(opcode.pong, message.length));
    else if (code === opcode.close) {
      message.copy(this.#writer.place(opcode.close, message.length));
      this.#writer.flush();
      socket.end();
    }
  }

  /** Ports begin with a handshake, shells with a prompt. */
  #firstFrame(): [payloadType: number, payload: Buffer] {
    return isPort(this.#job)
      ? [payloadTypes.handshakeRequest, Buffer.from(handshakeRequest)]
      : [payloadTypes.output, Buffer.from("$")];
  }

  #onFrame(message: Buffer): void {
    const input = readInput(message);
    if (!input) {
      this.#acknowledged++;
      return;
    }
    fillAcknowledgement(this.#writer.place(opcode.binary, acknowledgementBytes(input.sequence)), input.sequence);
    // A connection keeps the order, so what is not new is a copy: the acknowledgement was late.
    if (input.sequence < this.#expected) return;
    this.#expected = input.sequence + 1;
    if (input.payloadType === payloadTypes.size && this.#job.kind === "output") this.#leftBytes = this.#job.bytes;
    if (input.payloadType === payloadTypes.handshakeResponse)
      this.#send(payloadTypes.handshakeComplete, Buffer.from(handshakeComplete));
    if (input.payloadType !== payloadTypes.output) return;
    if (isPort(this.#job)) this.#counter.read(input.payload);
    else this.#receivedBytes += input.payload.length;
  }

  #onSmux(command: number, stream: number, bytes: number): void {
    if (command === smux.syn) {
      if (this.#job.kind === "download") this.#source.open(stream, bytesOfStream(this.#job));
      else this.#arrived.set(stream, 0);
    }
    if (command !== smux.push) return;
    this.#receivedBytes += bytes;
    const arrived = (this.#arrived.get(stream) ?? 0) + bytes;
    this.#arrived.set(stream, arrived);
    // The client holds its own end back until it has ours.
    if (arrived === bytesOfStream(this.#job)) this.#replies.push(smuxHeader(smux.fin, stream));
  }

  #send(payloadType: number, payload: Buffer): void {
    const frame = this.#writer.place(opcode.binary, headerBytes + payload.length);
    payload.copy(frame, headerBytes);
    sealOutput(frame, this.#sequence++, payloadType);
  }

  #pump(): void {
    for (const reply of this.#replies.splice(0)) this.#send(payloadTypes.output, reply);
    if (this.#job.kind === "output") this.#pumpOutput();
    else if (this.#job.kind === "download") this.#pumpStreams();
    if (this.#willFlush) return;
    this.#willFlush = true;
    setImmediate(() => {
      this.#willFlush = false;
      this.#writer.flush();
    });
  }

  get #hasRoom(): boolean {
    const inFlight = this.#sequence - this.#acknowledged;
    return (
      inFlight < mostInFlightFrames &&
      inFlight * this.#job.frameBytes < mostInFlightBytes &&
      this.#writer.waitingBytes < mostWaitingBytes
    );
  }

  #pumpOutput(): void {
    const { frameBytes } = this.#job;
    while (this.#leftBytes > 0 && this.#hasRoom) {
      const bytes = Math.min(frameBytes, this.#leftBytes);
      const frame = this.#writer.place(opcode.binary, headerBytes + bytes);
      this.#block.copy(frame, headerBytes, 0, bytes);
      sealOutput(frame, this.#sequence++, payloadTypes.output, bytes === frameBytes ? this.#digest : undefined);
      this.#leftBytes -= bytes;
    }
  }

  #pumpStreams(): void {
    const payload = Buffer.allocUnsafe(this.#job.frameBytes);
    while (!this.#source.isEmpty && this.#hasRoom)
      this.#send(payloadTypes.output, payload.subarray(0, this.#source.fill(payload)));
  }
}
