import { spawnSync } from "node:child_process";
import type { ReadStream } from "node:tty";

export interface RawTerminal {
  restore(): void;
}

/**
 * Hands each key on as it is typed, Ctrl-C too, until `restore`; the terminal is put back also when the process exits for whatever
 * reason. Only SIGKILL leaves it as it is: `stty sane` repairs that.
 */
export function makeRaw(stdin: ReadStream): RawTerminal {
  const setRaw = (isRaw: boolean): void => {
    // The terminal may be gone, and then there is nothing to put back.
    if (stdin.destroyed) return;
    stdin.setRawMode(isRaw);
    if (isRaw) leaveOutputAlone();
  };
  const restore = (): void => {
    process.off("exit", restore);
    process.off("SIGCONT", onContinued);
    setRaw(false);
  };
  // Whoever stopped this process has put the terminal back meanwhile, which is not known here: so first off, then on.
  const onContinued = (): void => {
    setRaw(false);
    setRaw(true);
  };
  process.on("exit", restore);
  process.on("SIGCONT", onContinued);
  setRaw(true);
  return { restore };
}

/**
 * Node's raw mode still makes a carriage return and a line feed of each line feed, which garbles programs that move the cursor
 * down with one. Leaving raw mode takes this back too. Where there is no stty, as on Windows, there is no such mode.
 */
function leaveOutputAlone(): void {
  spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
}
