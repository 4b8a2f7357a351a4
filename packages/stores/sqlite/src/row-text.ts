import type { SqlRow } from "./driver/driver.js";
import { corrupt } from "./failure.js";

/**
 * Reads the JSON of a row. What the store gives itself (`seq`, `revision`) is not in the text but in columns, so that the
 * text can be written before the number is known.
 */
export function readRow<T>(path: string, text: SqlRow[string] | undefined, given?: Partial<T>): T {
  try {
    const row = JSON.parse(text as string) as T;
    if (typeof row !== "object" || row === null) throw new SyntaxError();
    return given ? { ...row, ...given } : row;
  } catch (error) {
    // The parser's message quotes the text, which may be somebody's message.
    throw corrupt(path, new Error(`A row is not JSON: ${(error as Error).name}.`));
  }
}
