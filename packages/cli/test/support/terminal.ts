import { EventEmitter } from "node:events";
import type { SignalSource } from "../../src/interrupt.js";
import type { Io, TextStream } from "../../src/output/io.js";
import { runProgram } from "../../src/program.js";

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** How often somebody read the standard input. */
  readonly stdinReads: number;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly isTerminal?: boolean;
  readonly stdin?: string;
  readonly signals?: SignalSource;
}

class Recorder implements TextStream {
  text = "";
  readonly isTTY: boolean;
  readonly columns = 200;
  readonly rows = 100;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

/** Signals of a process that is not there. */
export class FakeSignals extends EventEmitter implements SignalSource {
  readonly exits: number[] = [];
  exit(code: number): void {
    this.exits.push(code);
  }
}

/** Runs the command line in this process, with streams of its own. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const stdout = new Recorder(options.isTerminal === true);
  const stderr = new Recorder(options.isTerminal === true);
  let stdinReads = 0;
  const stdin = {
    isTTY: false,
    async *[Symbol.asyncIterator]() {
      stdinReads += 1;
      yield Buffer.from(options.stdin ?? "");
    },
  };
  const io: Io = { stdout, stderr, stdin, environment: options.environment ?? {}, self: [] };
  const exitCode = await runProgram(args, io, options.signals ?? new FakeSignals());
  return { exitCode, stdout: stdout.text, stderr: stderr.text, stdinReads };
}
