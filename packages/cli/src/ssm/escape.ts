const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const dot = 0x2e;
const question = 0x3f;

export interface Typed {
  /** What goes to the machine. */
  readonly bytes: Buffer;
  readonly wants: "nothing" | "end" | "help";
}

/**
 * Finds escape sequences in what is typed: the escape character at the beginning of a line is kept back until the next one
 * says what is meant. What follows `~.` is thrown away.
 */
export class EscapeReader {
  readonly #escape: number;
  #isAtLineStart = true;
  #isEscaped = false;

  constructor(escape: string) {
    this.#escape = escape.charCodeAt(0);
  }

  read(chunk: Uint8Array): Typed {
    const bytes: number[] = [];
    let wants: Typed["wants"] = "nothing";
    for (const byte of chunk) {
      if (this.#isEscaped) {
        this.#isEscaped = false;
        if (byte === dot) return { bytes: Buffer.from(bytes), wants: "end" };
        if (byte === question) {
          wants = "help";
          continue;
        }
        if (byte !== this.#escape) bytes.push(this.#escape);
      } else if (byte === this.#escape && this.#isAtLineStart) {
        this.#isEscaped = true;
        continue;
      }
      bytes.push(byte);
      this.#isAtLineStart = byte === lineFeed || byte === carriageReturn;
    }
    return { bytes: Buffer.from(bytes), wants };
  }
}
