import type { Clock, Timer } from "../clock.js";
import { ssmError } from "../errors.js";
import { SmuxReader, smuxCommand, smuxHeader } from "./frame.js";
import { SmuxStream, type SmuxStreamHost } from "./stream.js";

export interface SmuxOptions {
  readonly clock: Clock;
  /** Older agents close a tunnel that is silent for 30 s. */
  readonly sendsKeepAlive: boolean;
  /** After the local end of a connection: how long the other side may be silent before it is closed. */
  readonly halfCloseGraceMs: number;
  write(chunks: readonly Uint8Array[], onTaken?: (error?: Error) => void): void;
  /** `receive` would take something again. */
  onRoom(): void;
  /** What came is no smux, or nothing came although it must have. */
  onBroken(error: Error): void;
}

const firstClientStreamId = 3;
// As the peers share it between all streams of a session.
const receiveBudgetBytes = 4 * 1024 * 1024;
const keepAliveEveryMs = 10_000;
const keepAliveDeadlineMs = 30_000;

/** Many connections over one stream of bytes: the client's side of smux version 1. */
export class SmuxSession {
  readonly #options: SmuxOptions;
  readonly #streams: Map<number, SmuxStream> = new Map();
  readonly #reader: SmuxReader;
  readonly #host: SmuxStreamHost;
  #nextId: number = firstClientStreamId;
  #isOver = false;
  #error: Error | undefined;
  #lastHeardAtMs: number;
  #keepAlive: Timer | undefined;
  #refusals = 0;

  constructor(options: SmuxOptions) {
    this.#options = options;
    const { clock } = options;
    this.#lastHeardAtMs = clock.now();
    this.#host = {
      clock,
      halfCloseGraceMs: options.halfCloseGraceMs,
      write: (chunks, onTaken) => options.write(chunks, onTaken),
      onRoom: () => options.onRoom(),
      onGone: (streamId) => void this.#streams.delete(streamId),
    };
    this.#reader = new SmuxReader({
      onData: (streamId, piece) => this.#streams.get(streamId)?.receive(piece),
      onFin: (streamId) => this.#onFin(streamId),
      // Only clients open streams here; what comes on one that nobody knows is dropped.
      onSyn: () => {},
      onNop: () => {},
    });
    if (options.sendsKeepAlive) this.#armKeepAlive();
  }

  get openCount(): number {
    return this.#streams.size;
  }

  open(): SmuxStream {
    const id = this.#nextId;
    this.#nextId += 2;
    const stream = new SmuxStream(id, this.#host);
    this.#streams.set(id, stream);
    if (this.#isOver) stream.receiveFin(this.#error);
    return stream;
  }

  /** False while readers leave too much lying: nothing was taken. */
  receive(bytes: Buffer): boolean {
    if (this.#isOver) return true;
    if (this.#excessBytes() > receiveBudgetBytes) return false;
    if (this.#options.sendsKeepAlive) this.#lastHeardAtMs = this.#options.clock.now();
    try {
      this.#reader.read(bytes);
    } catch (error) {
      this.#break(error);
    }
    return true;
  }

  /** The agent could not reach the target: the next FIN belongs to that connection. */
  noteRefusal(): void {
    this.#refusals++;
  }

  end(error?: Error): void {
    this.#isOver = true;
    this.#error = error;
    this.#keepAlive?.cancel();
    for (const stream of [...this.#streams.values()]) stream.receiveFin(error);
  }

  #excessBytes(): number {
    let bytes = 0;
    for (const stream of this.#streams.values()) bytes += stream.excessBytes;
    return bytes;
  }

  #onFin(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (!stream) return;
    if (this.#refusals === 0 || stream.hasReceived) return stream.receiveFin();
    this.#refusals--;
    stream.receiveFin(ssmError({ code: "PROVIDER_REJECTED", message: "The agent could not connect to the port." }));
  }

  #break(cause: unknown): void {
    const message = "The tunnel's stream is not readable.";
    const error = ssmError({ code: "RESPONSE_MALFORMED", message, cause });
    this.end(error);
    this.#options.onBroken(error);
  }

  #armKeepAlive(): void {
    const { clock } = this.#options;
    this.#keepAlive = clock.setTimer(clock.now() + keepAliveEveryMs, () => {
      if (clock.now() - this.#lastHeardAtMs >= keepAliveDeadlineMs) {
        const error = ssmError({ code: "OUTCOME_UNKNOWN", message: "The agent's end of the tunnel is silent." });
        this.end(error);
        return this.#options.onBroken(error);
      }
      this.#options.write([smuxHeader(smuxCommand.nop, 0)]);
      this.#armKeepAlive();
    });
  }
}
