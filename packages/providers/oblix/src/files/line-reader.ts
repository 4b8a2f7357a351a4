import { ColloquyError } from "@colloquy/core/contract";

/** One message with its attachments as text. ASSUMED. */
const longestLineCharacters = 32 * 1024 * 1024;

/** The lines of a file, however it is cut into chunks. Throws `INPUT_INVALID` for what is no UTF-8 or has an endless line. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw wrongFile("it is no UTF-8 text");
    }
  };
  for await (const chunk of chunks) {
    const lines = (rest + decode(chunk)).split("\n");
    rest = lines.pop() as string;
    if (rest.length > longestLineCharacters) throw wrongFile("a line does not end");
    yield* lines;
  }
  rest += decode();
  if (rest !== "") yield rest;
}

/** A file that cannot be taken. Names the place, never what stands there. */
export function wrongFile(what: string, line?: number): ColloquyError {
  const place = line === undefined ? "" : ` in line ${line}`;
  return new ColloquyError({
    code: "INPUT_INVALID",
    message: `The file cannot be imported: ${what}${place}.`,
    fieldErrors: { file: [`${what}${place}`] },
    userAction: "Export it again; nothing of it was imported.",
  });
}
