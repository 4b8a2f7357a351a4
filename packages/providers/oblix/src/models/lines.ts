import { isRecord, type JsonRecord } from "../json.js";
import { malformed } from "./malformed.js";

/** A line longer than this is no message of a model. ASSUMED. */
const longestLine = 4 * 1024 * 1024;

/** Cuts a text that comes in parts into lines of JSON (NDJSON). */
export class JsonLines {
  readonly #displayName: string;
  #rest = "";

  constructor(displayName: string) {
    this.#displayName = displayName;
  }

  push(text: string): readonly JsonRecord[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() as string;
    if (this.#rest.length > longestLine) throw malformed(this.#displayName, "a line does not end");
    return lines.filter((line) => line.trim() !== "").map((line) => this.#parsed(line));
  }

  /** What stands after the last line break is a line too. */
  end(): readonly JsonRecord[] {
    const last = this.#rest;
    this.#rest = "";
    return last.trim() === "" ? [] : [this.#parsed(last)];
  }

  #parsed(line: string): JsonRecord {
    try {
      const value: unknown = JSON.parse(line);
      if (isRecord(value)) return value;
    } catch {
      // Told below.
    }
    throw malformed(this.#displayName, "a line is no JSON object");
  }
}
