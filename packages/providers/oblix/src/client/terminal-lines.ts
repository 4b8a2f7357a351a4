import { createInterface } from "node:readline";
import type { ChatLines } from "./chat.js";

/** The person at the terminal. Ctrl-C and Ctrl-D end the input, and with it the chat. */
export function terminalLines(): ChatLines {
  const input = createInterface({ input: process.stdin });
  input.once("SIGINT", () => input.close());
  return { input, write: (text) => void process.stdout.write(text) };
}
