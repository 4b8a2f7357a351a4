import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { ColloquyError } from "@colloquy/core/contract";
import { isJsonlHeader, parsedLine, readJsonl } from "./jsonl.js";
import { linesOf, wrongFile } from "./line-reader.js";
import { isOblixRecord, readOblix } from "./oblix-json.js";
import type { ReadConversation } from "./read-conversation.js";

/** A session of Oblix is one JSON text and must be read whole. ASSUMED: far more than a person types. */
const largestJsonBytes = 256 * 1024 * 1024;

/** Opens an exported conversation, JSONL or Oblix's own JSON, whichever it is. Call `close` when done. */
export async function openFile(path: string): Promise<ReadConversation & { readonly close: () => void }> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const stream = createReadStream(path);
  const lines = linesOf(stream);
  try {
    const first = await firstLine(lines, path);
    const value = asJson(first);
    const read = isJsonlHeader(value)
      ? await readJsonl(lines, value)
      : readOblix(value ?? (await restOfJson(first, lines, size)));
    return { ...read, close: () => stream.destroy() };
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

async function firstLine(lines: AsyncGenerator<string>, path: string): Promise<string> {
  for (;;) {
    const { done, value } = await lines.next().catch((cause: unknown) => {
      throw cause instanceof ColloquyError ? cause : unreadable(path, cause);
    });
    if (done) throw wrongFile("it is empty");
    const text = value.startsWith("\uFEFF") ? value.slice(1) : value;
    if (text.trim() !== "") return text;
  }
}

/** A pretty-printed text is no JSON after its first line. */
async function restOfJson(first: string, lines: AsyncGenerator<string>, size: number): Promise<unknown> {
  if (size > largestJsonBytes) throw wrongFile(`it is larger than ${largestJsonBytes} bytes`);
  const all = [first];
  for await (const line of lines) all.push(line);
  const value = parsedLine(all.join("\n"), 1);
  if (!isOblixRecord(value)) throw wrongFile("it is neither an export of Colloquy nor a session of Oblix");
  return value;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unreadable(path: string, cause: unknown): ColloquyError {
  const { code } = cause as { readonly code?: string };
  return new ColloquyError({
    code: "INPUT_INVALID",
    message: `The file cannot be read: ${code ?? "unknown error"}.`,
    fieldErrors: { file: [`${path} cannot be read.`] },
    userAction: "Check the path and the permissions.",
  });
}
