import { randomBytes } from "node:crypto";
import { corrupt } from "./failure.js";

/** A word that no other write has: a write that is repeated because its answer was lost is known by it. */
export function newStamp(): string {
  return randomBytes(12).toString("base64url");
}

/** Of every stamp, so that it can stand in front of a text. */
export const stampLength = 16;

/** Reads the JSON of a row. What the store gives itself is kept beside the text, which is written before that is known. */
export function readRow<T>(text: unknown, given: Partial<T>): T {
  try {
    return { ...(JSON.parse(String(text)) as T), ...given };
  } catch (error) {
    // The parser's message quotes the text, which may be somebody's message.
    throw corrupt(`A row is not JSON: ${(error as Error).name}.`);
  }
}
