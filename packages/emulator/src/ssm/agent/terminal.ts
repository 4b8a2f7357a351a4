import { type ChildProcess, execFile, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import type { SsmDials } from "../dials.js";
import { childEnvironment, signalGroup } from "./child.js";
import { ptyProgram } from "./pty-program.js";

/** A child process that a person types into. */
export interface Terminal {
  readonly kind: "python3" | "script" | "none";
  readonly pid: number | undefined;
  /** False when it takes no more for now; `drained` tells when it does again. */
  write(bytes: Buffer): boolean;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(): void;
}

export interface TerminalEvents {
  output: (bytes: Buffer) => void;
  drained: () => void;
  /** It has ended and all its output has been told. */
  ended: (problem?: string) => void;
}

/** How long a terminal has to end its children before it is killed itself. */
const killAfterMs = 500;

/** Starts a command on a pseudo-terminal as the dial says; on "auto", the best one that this machine has. */
export async function startTerminal(
  wanted: SsmDials["terminal"],
  command: readonly string[],
  events: TerminalEvents,
): Promise<Terminal> {
  const kind = wanted === "auto" ? await bestTerminal() : wanted;
  return run(kind, spawnOn(kind, command), events);
}

function spawnOn(kind: Terminal["kind"], command: readonly string[]): ChildProcess {
  const options = { env: childEnvironment(), detached: true } as const;
  if (kind === "python3") {
    const stdio = ["pipe", "pipe", "pipe", "pipe"] as const;
    return spawn(kind, ["-I", "-S", "-c", ptyProgram, ...command], { ...options, stdio: [...stdio] });
  }
  if (kind === "script") {
    return spawn(kind, ["-qfec", command.map(quoted).join(" "), "/dev/null"], { ...options, stdio: "pipe" });
  }
  // Without a terminal stderr would be apart; here it is one stream as on a terminal.
  return spawn("/bin/sh", ["-c", 'exec "$@" 2>&1', "sh", ...command], { ...options, stdio: "pipe" });
}

function run(kind: Terminal["kind"], child: ChildProcess, events: TerminalEvents): Terminal {
  const { stdin, stdout, stderr } = child;
  const sizes = child.stdio[3] as Writable | null | undefined;
  let hasEnded = false;
  const end = (problem?: string): void => {
    if (hasEnded) return;
    hasEnded = true;
    events.ended(problem);
  };
  stdout?.on("data", (bytes: Buffer) => events.output(bytes));
  stderr?.on("data", (bytes: Buffer) => events.output(bytes));
  stdin?.on("drain", () => events.drained());
  // A child that has gone breaks its pipes; its end is told by "close".
  for (const stream of [stdin, sizes]) stream?.on("error", () => undefined);
  child.on("error", (error) => end(error.message));
  child.on("close", () => end());
  return {
    kind,
    pid: child.pid,
    write(bytes) {
      if (stdin === null || stdin.destroyed) return true;
      if (kind !== "none") return stdin.write(bytes);
      if (bytes.includes(0x03)) signalGroup(child, "SIGINT");
      // Enter arrives as a carriage return, and there is no terminal to turn it into a line's end.
      return stdin.write(Buffer.from(bytes.toString("latin1").replaceAll("\r", "\n").replaceAll("\x03", ""), "latin1"));
    },
    resize(cols, rows) {
      if (sizes?.writable) sizes.write(`${cols} ${rows}\n`);
    },
    pause: () => void stdout?.pause(),
    resume: () => void stdout?.resume(),
    kill() {
      stdout?.resume();
      stdin?.destroy();
      signalGroup(child, kind === "none" ? "SIGKILL" : "SIGTERM");
      setTimeout(() => signalGroup(child, "SIGKILL"), killAfterMs).unref();
    },
  };
}

let found: Promise<Terminal["kind"]> | undefined;

/** Asked once: it costs a process or two. */
function bestTerminal(): Promise<Terminal["kind"]> {
  found ??= (async () => {
    if (await succeeds("python3", ["-I", "-S", "-c", "import fcntl, pty, termios"])) return "python3";
    return (await succeeds("script", ["-qfec", "true", "/dev/null"])) ? "script" : "none";
  })();
  return found;
}

function succeeds(file: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { timeout: 5_000, env: childEnvironment() }, (error) => resolve(error === null));
    child.stdin?.end();
  });
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
