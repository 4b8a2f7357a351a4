import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Starts a TypeScript file as a process of its own, wherever it is asked for from: the command or a test. */
export function forkSource(file: URL, options: ForkOptions = {}): ChildProcess {
  const execArgv = ["--conditions=@colloquy/source", "--import", loader];
  return fork(fileURLToPath(file), { ...options, execArgv });
}
