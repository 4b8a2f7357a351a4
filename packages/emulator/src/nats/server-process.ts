import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** One run of the server. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  readonly isRunning: boolean;
  /** Sends the signal and resolves when the process has ended; after `patienceMs` it is killed. */
  end(signal: "SIGTERM" | "SIGKILL", patienceMs?: number): Promise<void>;
}

/**
 * The shell tells the server's pid and then waits for whichever ends first: the server, or us. When this process is gone, however
 * that came about, its end of the pipe closes and the server is killed.
 */
const guard = [
  '"$0" "$@" & server=$!',
  "echo $server",
  "exec 3<&0",
  "{ cat <&3 >/dev/null; kill -9 $server; } >/dev/null 2>&1 &",
  "wait $server",
].join("\n");

/** ASSUMED: it starts in some 100 ms, with a large store in seconds. */
const startDeadlineMs = 15_000;
const keptLines = 20;

/** Runs the server and resolves when it takes connections. Rejects with what it said when it ends before that. */
export async function runServer(file: string, args: readonly string[]): Promise<ServerProcess> {
  const child = spawn("/bin/sh", ["-c", guard, file, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  const { stdin, stdout, stderr } = child;
  stdin.on("error", () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      stdin.destroy();
      resolve();
    });
  });
  const [line] = (await Promise.race([
    once(createInterface(stdout), "line"),
    ended.then(() => [""]),
  ])) as readonly string[];
  const pid = Number(line);
  const end = async (signal: "SIGTERM" | "SIGKILL", patienceMs = 5_000): Promise<void> => {
    if (isOver(child)) return;
    send(pid, signal);
    const timer = setTimeout(() => send(pid, "SIGKILL"), patienceMs);
    await ended;
    clearTimeout(timer);
  };
  try {
    const port = await listening(stderr, ended);
    return {
      pid,
      port,
      get isRunning() {
        return !isOver(child);
      },
      end,
    };
  } catch (error) {
    await end("SIGKILL");
    throw error;
  }
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, signal);
  } catch {
    // It ended by itself just now.
  }
}

/** Reads the log until the server is ready, and on, so that the pipe never fills. */
function listening(log: NodeJS.ReadableStream, ended: Promise<void>): Promise<number> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    let port: number | undefined;
    const fail = (why: string): void => reject(new Error(`nats-server ${why}: ${lines.join(" | ") || "(silent)"}`));
    const timer = setTimeout(() => fail("was not ready in time"), startDeadlineMs);
    createInterface(log).on("line", (line) => {
      if (lines.length < keptLines) lines.push(line.replace(/^\[\d+\] \S+ \S+ /, ""));
      port = Number(/Listening for client connections on \S+:(\d+)/.exec(line)?.[1] ?? port);
      if (!line.includes("Server is ready") || port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    });
    void ended.then(() => {
      clearTimeout(timer);
      fail("ended at once");
    });
  });
}
