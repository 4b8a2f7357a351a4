import pc from "picocolors";
import { maskAddress } from "../masking.js";
import { errorJson, errorLines } from "./errors.js";
import type { Io } from "./io.js";

/** `human`: sentences. `json`: one object at the end. `events`: one object a line as things happen, the last one the result. */
export type OutputMode = "human" | "json" | "events";

export interface OutputOptions {
  readonly mode: OutputMode;
  readonly showSecrets?: boolean;
  readonly debug?: boolean;
  /** Values that no error may repeat. */
  readonly secrets?: readonly string[];
}

export type Fields = Readonly<Record<string, unknown>>;
export type Colors = ReturnType<typeof pc.createColors>;

/** All that a command says, in one place: what goes where in which mode, and what is masked. */
export class Output {
  readonly mode: OutputMode;
  readonly showSecrets: boolean;
  readonly colors: Colors;
  /** A person looks at a terminal, so a line may be redrawn in place. */
  readonly isLive: boolean;
  readonly #io: Io;
  readonly #options: OutputOptions;

  constructor(io: Io, options: OutputOptions) {
    const { stdout, environment } = io;
    this.#io = io;
    this.#options = options;
    this.mode = options.mode;
    this.showSecrets = options.showSecrets === true;
    this.isLive = options.mode === "human" && stdout.isTTY === true && environment["TERM"] !== "dumb";
    this.colors = pc.createColors(this.isLive && !environment["NO_COLOR"]);
  }

  /** Somebody can be asked. Never so in a pipe, a job or for a program that reads JSON. */
  get canAsk(): boolean {
    return this.isLive && this.#io.stdin.isTTY === true;
  }

  /** For people; programs get `event` and `finish`. */
  line(text = ""): void {
    if (this.mode === "human") this.#io.stdout.write(`${text}\n`);
  }

  /** A hint beside the result, so it does not get into a pipe. */
  note(text: string): void {
    if (this.mode === "human") this.#io.stderr.write(`${this.colors.dim(text)}\n`);
  }

  event(event: string, fields: Fields & { readonly event?: never } = {}): void {
    if (this.mode === "events") this.json({ event, ...fields });
  }

  finish(fields: Fields, ok: boolean): void {
    if (this.mode === "json") this.json({ ok, ...fields });
    if (this.mode === "events") this.json({ event: "result", ok, ...fields });
  }

  fail(error: unknown, exitCode: number): void {
    const { debug = false, secrets = [] } = this.#options;
    if (this.mode === "human") {
      for (const line of errorLines(error, secrets, this.colors)) this.#io.stderr.write(`${line}\n`);
    } else
      this.json({
        ...(this.mode === "events" ? { event: "result" } : {}),
        ok: false,
        exitCode,
        error: errorJson(error, secrets),
      });
    if (debug && error instanceof Error) this.#io.stderr.write(`${error.stack ?? error.message}\n`);
  }

  json(value: Fields): void {
    this.#io.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** A phone number or chat as it may be shown. */
  address(address: string | undefined): string | undefined {
    return address === undefined || this.showSecrets ? address : maskAddress(address);
  }

  /** What a message says, or only how long it is. */
  text(text: string | undefined): string {
    if (text === undefined) return "(no text)";
    return this.showSecrets ? text : `(text of ${text.length} characters)`;
  }
}
