import { Duplex, Readable } from "node:stream";
import type { SessionChannel, SessionEnd } from "../channel/session-channel.js";
import { defaultSize, encodeSize } from "../codec/controls.js";
import { payloadType, readExitCode } from "../codec/payload-type.js";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ShellOptions extends Partial<TerminalSize> {
  /** Sends Ctrl-D when the writable side ends. Default true. */
  readonly sendsEndOfInput?: boolean;
}

const bufferBytes = 256 * 1024;

const controlCharacters = { SIGINT: 0x03, SIGTSTP: 0x1a, SIGQUIT: 0x1c } as const;
export type ShellSignal = keyof typeof controlCharacters;

const carriageReturn = Buffer.from("\r");
const endOfInput = Buffer.from([0x04]);
const lineFeed = 0x0a;

/**
 * A terminal or a running command: what is written is typed, what is read is its output.
 *
 * Ends when the session ends, after everything was read; fails with a `ColloquyError` when the session fails.
 */
export class Shell extends Duplex {
  readonly #channel: SessionChannel;
  readonly #sendsEndOfInput: boolean;
  #size: TerminalSize;
  #stderr: Readable | undefined;
  #canTake = true;
  #canTakeErrors = true;
  #exitCode: number | undefined;
  /** The status of the command, or undefined when the agent tells none: a plain shell never does. Never rejects. */
  readonly exitCode: Promise<number | undefined>;
  #tellExitCode: (code: number | undefined) => void = () => {};

  constructor(channel: SessionChannel, options: ShellOptions = {}) {
    super({ readableHighWaterMark: bufferBytes, writableHighWaterMark: bufferBytes });
    this.#channel = channel;
    this.#sendsEndOfInput = options.sendsEndOfInput ?? true;
    this.#size = { columns: options.columns ?? defaultSize.columns, rows: options.rows ?? defaultSize.rows };
    this.exitCode = new Promise((resolve) => {
      this.#tellExitCode = resolve;
    });
    this.#sendSize();
    channel.attach({ take: (type, payload) => this.#take(type, payload), end: (end) => this.#end(end) });
  }

  /** Standard error, for commands whose document keeps it apart. While nobody has asked for it, it runs with the output. */
  get stderr(): Readable {
    this.#stderr ??= new Readable({ highWaterMark: bufferBytes, read: () => this.#onErrorsWanted() });
    return this.#stderr;
  }

  get size(): TerminalSize {
    return this.#size;
  }

  /** Tells the terminal its size in characters, when it is another than before. */
  resize(size: TerminalSize): void {
    if (size.columns === this.#size.columns && size.rows === this.#size.rows) return;
    this.#size = size;
    this.#sendSize();
  }

  /** Types the control character that the terminal turns into the signal. */
  signal(name: ShellSignal): void {
    this.#channel.write(payloadType.output, [Buffer.from([controlCharacters[name]])]);
  }

  override _read(): void {
    if (this.#canTake) return;
    this.#canTake = true;
    this.#channel.deliver();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#channel.write(payloadType.output, [typed(chunk)], { onTaken: done });
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#channel.write(
      payloadType.output,
      chunks.map(({ chunk }) => typed(chunk)),
      { onTaken: done },
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#sendsEndOfInput) this.#channel.write(payloadType.output, [endOfInput], { onTaken: () => done() });
    else done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // Nobody reads any more: what still comes is taken and thrown away, so that the session can end.
    this.#canTake = true;
    this.#canTakeErrors = true;
    this.#channel.deliver();
    done(error);
  }

  #sendSize(): void {
    this.#channel.write(payloadType.size, [encodeSize(this.#size.columns, this.#size.rows)]);
  }

  #onErrorsWanted(): void {
    if (this.#canTakeErrors) return;
    this.#canTakeErrors = true;
    this.#channel.deliver();
  }

  #take(type: number, payload: Buffer): boolean {
    if (this.destroyed || payload.length === 0) return true;
    if (type === payloadType.stderr && this.#stderr) {
      if (!this.#canTakeErrors) return false;
      this.#canTakeErrors = this.#stderr.destroyed || this.#stderr.push(payload);
      return true;
    }
    if (type === payloadType.exitCode) {
      this.#exitCode = readExitCode(payload);
      return true;
    }
    if (type !== payloadType.output && type !== payloadType.error && type !== payloadType.stderr) return true;
    if (!this.#canTake) return false;
    this.#canTake = this.push(payload);
    return true;
  }

  #end({ error }: SessionEnd): void {
    this.#tellExitCode(this.#exitCode);
    if (error) {
      this.#stderr?.destroy(error);
      this.destroy(error);
      return;
    }
    this.#stderr?.push(null);
    this.push(null);
    if (!this.writableEnded) this.end();
  }
}

/** A lone line feed is the Enter key. */
function typed(chunk: Buffer): Buffer {
  return chunk.length === 1 && chunk[0] === lineFeed ? carriageReturn : chunk;
}
