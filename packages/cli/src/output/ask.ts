import { createInterface } from "node:readline/promises";
import type { Output } from "./output.js";

/** Asks a person. Undefined where nobody can be asked: the caller then says which option is missing. */
export async function ask(output: Output, question: string, signal: AbortSignal): Promise<string | undefined> {
  if (!output.canAsk) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // The line editor swallows Ctrl-C; it has to reach the listener of the whole command.
  terminal.on("SIGINT", () => process.emit("SIGINT"));
  try {
    return (await terminal.question(`${question} `, { signal })).trim() || undefined;
  } finally {
    terminal.close();
  }
}

/** True for a yes. Undefined where nobody can be asked. */
export async function confirm(output: Output, question: string, signal: AbortSignal): Promise<boolean | undefined> {
  if (!output.canAsk) return undefined;
  const answer = await ask(output, `${question} [y/N]`, signal);
  return /^y(es)?$/i.test(answer ?? "");
}
