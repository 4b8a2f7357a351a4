import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../../../..", import.meta.url));

/** A source as a process of its own: as `build-programs.ts` built it, outside of a test run through tsx. */
export function sourceCommand(source: URL): readonly string[] {
  const built = (JSON.parse(process.env["TEST_PROGRAMS"] ?? "{}") as Record<string, string>)[source.href];
  if (built !== undefined) return [process.execPath, "--enable-source-maps", built];
  return [process.execPath, "--conditions=@colloquy/source", "--import", "tsx", fileURLToPath(source)];
}

/** The command line as a process of its own, from its sources. */
export const commandLine: readonly string[] = sourceCommand(new URL("../../src/bin.ts", import.meta.url));

export interface Child {
  readonly process: ChildProcess;
  readonly exited: Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly output: { stdout: string; stderr: string };
  /** Resolves with the first line of stdout that this takes. Rejects when the process ends first. */
  line(takes: (line: string) => boolean): Promise<string>;
}

export function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  command: readonly string[] = commandLine,
  stdin?: string,
): Child {
  const [executable = "", ...before] = command;
  const child = spawn(executable, [...before, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // It may end without having read all of it.
  child.stdin.on("error", () => {}).end(stdin ?? "");
  const output = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    output.stdout += chunk.toString();
    for (const listen of [...listeners]) listen();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const exited = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("close", (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const line = (takes: (line: string) => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = output.stdout.split("\n").slice(0, -1).find(takes);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      void exited.then(({ exitCode }) =>
        reject(new Error(`It ended with ${exitCode} before that line.\n${output.stdout}\n${output.stderr}`)),
      );
      look();
    });
  return { process: child, exited, output, line };
}
