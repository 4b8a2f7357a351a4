import type { ChildProcess } from "node:child_process";

/** What a child of the emulator gets to see of the environment: enough to work, and nobody's secrets. */
export function childEnvironment(): Record<string, string> {
  const passed = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "PYENV_ROOT"];
  const entries = passed.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { TERM: "xterm-256color", ...Object.fromEntries(entries) };
}

/** Signals a child and everything it started: it leads a process group of its own. */
export function signalGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}
