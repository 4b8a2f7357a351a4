import { type MetadataCondition, type MetadataScalar, metadataEntries, type TranscriptObject } from "@colloquy/core";
import type { SqlValue } from "../driver/driver.js";
import { keyText } from "../key-text.js";
import type { Sql } from "../sql.js";

export function writeMetadata(sql: Sql, conversation: number, metadata: TranscriptObject): void {
  for (const [path, value] of metadataEntries(metadata))
    sql.run(
      "INSERT OR IGNORE INTO conversation_metadata (conversation, path, value) VALUES (?, ?, ?)",
      conversation,
      keyText(path),
      indexValue(value),
    );
}

// SQLite keeps numbers, texts and bytes apart, in this order; it has neither true nor false of its own.
const standIns = new Map<unknown, Uint8Array>([
  [undefined, Uint8Array.of(0)],
  [null, Uint8Array.of(1)],
  [false, Uint8Array.of(2)],
  [true, Uint8Array.of(3)],
]);

function indexValue(value: MetadataScalar | undefined): SqlValue {
  return standIns.get(value) ?? (typeof value === "string" ? keyText(value) : (value as number));
}

export interface SqlPart {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** What must hold for a row `m` of the index; for `exists: false`, for none. */
export function rowCondition(condition: MetadataCondition): SqlPart {
  const at = (text: string, ...values: readonly SqlValue[]): SqlPart => ({
    text: `m.path = ? AND ${text}`,
    values: [keyText(condition.path), ...values],
  });
  if ("equals" in condition) return at("m.value = ?", indexValue(condition.equals));
  if ("in" in condition) {
    const values = padded(condition.in.map(indexValue));
    return at(`m.value IN (${values.map(() => "?").join(", ")})`, ...values);
  }
  if ("exists" in condition) return { text: "m.path = ?", values: [keyText(condition.path)] };
  if ("startsWith" in condition) return at("m.value >= ? AND m.value < ?", ...prefixBounds(condition.startsWith));
  const { atLeast, below } = condition;
  const isText = typeof (atLeast ?? below) === "string";
  // A bound that is not named ends where the other kinds begin.
  const from = atLeast === undefined ? (isText ? "" : Number.NEGATIVE_INFINITY) : indexValue(atLeast);
  const to = below === undefined ? (isText ? Uint8Array.of() : "") : indexValue(below);
  return at("m.value >= ? AND m.value < ?", from, to);
}

/** To a power of four, because each text of a statement is prepared and kept. An empty list stays empty. */
function padded(values: readonly SqlValue[]): readonly SqlValue[] {
  const [first] = values;
  if (first === undefined) return values;
  const length = 4 ** Math.ceil(Math.log(values.length) / Math.log(4));
  return [...values, ...Array<SqlValue>(length - values.length).fill(first)];
}

function prefixBounds(prefix: string): readonly [SqlValue, SqlValue] {
  // The last code point that a text can have.
  return prefix === "" ? ["", Uint8Array.of()] : [keyText(prefix), `${keyText(prefix)}\u{10ffff}`];
}

export function isNegative(condition: MetadataCondition): boolean {
  return "exists" in condition && !condition.exists;
}
