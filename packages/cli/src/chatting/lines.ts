import { createInterface } from "node:readline";
import type { Context } from "../context.js";

/** Where the prompts come from. */
export interface Lines {
  /** Undefined at the end. Rejects when the signal is aborted. */
  next(): Promise<string | undefined>;
}

export function linesOf(context: Context, signal: AbortSignal): Lines {
  return context.output.canAsk ? terminalLines(context, signal) : pipedLines(context, signal);
}

/**
 * Lines that a person types. The editor is there only while a line is awaited: during an answer the terminal is its plain self,
 * so that Ctrl-C is a signal.
 */
function terminalLines({ output }: Context, signal: AbortSignal): Lines {
  let history: string[] = [];
  const waiting: string[] = [];
  return {
    next: () =>
      new Promise((resolve, reject) => {
        const ready = waiting.shift();
        if (ready !== undefined) return resolve(ready);
        if (signal.aborted) return reject(signal.reason as Error);
        const editor = createInterface({ input: process.stdin, output: process.stdout, history, historySize: 200 });
        let isTaken = false;
        const leave = (): void => {
          editor.close();
          reject(signal.reason as Error);
        };
        signal.addEventListener("abort", leave, { once: true });
        // The line editor swallows Ctrl-C; it has to reach the listener of the whole command.
        editor.on("SIGINT", () => {
          if (editor.line === "") return void process.emit("SIGINT");
          editor.write(null, { ctrl: true, name: "e" });
          editor.write(null, { ctrl: true, name: "u" });
        });
        editor.on("history", (known) => {
          history = [...known];
        });
        editor.on("line", (line) => {
          // What was pasted with more than one line comes at once.
          if (isTaken) return void waiting.push(line);
          isTaken = true;
          resolve(line);
          setImmediate(() => editor.close());
        });
        editor.on("close", () => {
          signal.removeEventListener("abort", leave);
          resolve(undefined);
        });
        editor.setPrompt(output.colors.bold("> "));
        editor.prompt();
      }),
  };
}

/** A prompt a line. */
function pipedLines({ io }: Context, signal: AbortSignal): Lines {
  const input = splitLines(io.stdin);
  const left = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  left.catch(() => {});
  return {
    async next() {
      signal.throwIfAborted();
      const { value, done } = await Promise.race([input.next(), left]);
      return done ? undefined : value;
    },
  };
}

async function* splitLines(input: AsyncIterable<unknown>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of input) {
    const pieces = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split(/\r?\n/);
    rest = pieces.pop() ?? "";
    yield* pieces;
  }
  if (rest !== "") yield rest;
}
