import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";

export interface Child {
  readonly process: ChildProcess;
  /** Every line on standard output so far. */
  readonly lines: string[];
  /** All of standard error so far. */
  errors(): string;
  /** Resolves when the streams have ended too. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Runs a script of this folder in a process of its own, on the sources. It is killed when the test is over. */
export function startChild(
  script: string,
  args: readonly string[],
  onLine: (line: string, child: Child) => void = () => {},
): Child {
  const file = fileURLToPath(new URL(`${script}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--import", loader, "--conditions=@colloquy/source", file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const lines: string[] = [];
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  const result: Child = { process: child, lines, errors: () => errors, ended };
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    onLine(line, result);
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return result;
}
