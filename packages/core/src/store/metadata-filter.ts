import { ColloquyError, type JsonValue } from "../contract/index.js";
import { compareText } from "./compare-text.js";
import type { TranscriptObject } from "./transcript-rows.js";

export type MetadataScalar = string | number | boolean | null;

/**
 * One condition on metadata. `path` is a key, or keys joined by dots; a key with a dot in it is found by the same text. A
 * condition on a list holds when it holds for one of its items. Kinds are kept apart: 1 is neither "1" nor true.
 */
export type MetadataCondition =
  | { readonly path: string; readonly equals: MetadataScalar }
  | { readonly path: string; readonly in: readonly MetadataScalar[] }
  /** Something stands there, `null` and empty lists included; with `false`: nothing does. */
  | { readonly path: string; readonly exists: boolean }
  /** From `atLeast` on and before `below`; numbers with numbers, text with text by code points. At least one of them. */
  | { readonly path: string; readonly atLeast?: number | string; readonly below?: number | string }
  | { readonly path: string; readonly startsWith: string };

/** A value under its path; `undefined` stands for an object or a list as such. */
export type MetadataEntry = readonly [path: string, value: MetadataScalar | undefined];

const mostDepth = 32;

/** Every value under its path, each pair once: what an index of metadata holds. */
export function metadataEntries(metadata: TranscriptObject): readonly MetadataEntry[] {
  const entries: MetadataEntry[] = [];
  const seen = new Set<string>();
  const add = (path: string, value: MetadataScalar | undefined): void => {
    const key = JSON.stringify([path, value ?? (value === null ? "null" : undefined), typeof value]);
    if (seen.has(key)) return;
    seen.add(key);
    entries.push([path, value]);
  };
  const visit = (path: string, value: JsonValue | undefined, depth: number): void => {
    if (value === undefined || depth > mostDepth) return;
    if (value === null || typeof value !== "object") return add(path, value);
    add(path, undefined);
    if (Array.isArray(value)) for (const item of value as readonly JsonValue[]) visit(path, item, depth + 1);
    else for (const [key, field] of Object.entries(value)) visit(`${path}.${key}`, field, depth + 1);
  };
  for (const [key, value] of Object.entries(metadata)) visit(key, value, 1);
  return entries;
}

export function metadataMatches(entries: readonly MetadataEntry[], conditions: readonly MetadataCondition[]): boolean {
  return conditions.every((condition) => {
    const found = entries.filter(([path]) => path === condition.path).map(([, value]) => value);
    if ("exists" in condition) return found.length > 0 === condition.exists;
    return found.some((value) => value !== undefined && holds(value, condition));
  });
}

function holds(value: MetadataScalar, condition: Exclude<MetadataCondition, { readonly exists: boolean }>): boolean {
  if ("equals" in condition) return value === condition.equals;
  if ("in" in condition) return condition.in.includes(value);
  if ("startsWith" in condition) return typeof value === "string" && value.startsWith(condition.startsWith);
  const { atLeast, below } = condition;
  return (
    (atLeast === undefined || (order(value, atLeast) ?? -1) >= 0) &&
    (below === undefined || (order(value, below) ?? 1) < 0)
  );
}

/** Undefined where the two are of different kinds. */
function order(value: MetadataScalar, bound: number | string): number | undefined {
  if (typeof value === "number" && typeof bound === "number") return value - bound;
  if (typeof value === "string" && typeof bound === "string") return compareText(value, bound);
  return undefined;
}

/** Throws `INPUT_INVALID`. */
export function checkConditions(conditions: readonly MetadataCondition[]): void {
  for (const condition of conditions) {
    const { path } = condition;
    if (typeof path !== "string" || path === "") throw wrong("needs a path that is not empty");
    if ("atLeast" in condition || "below" in condition) {
      const bounds = [condition.atLeast, condition.below].filter((bound) => bound !== undefined);
      const kinds = new Set(bounds.map((bound) => typeof bound));
      if (kinds.size !== 1 || !(kinds.has("number") || kinds.has("string")) || bounds.some(Number.isNaN))
        throw wrong("needs bounds of one kind, numbers or texts");
    } else if ("startsWith" in condition) {
      if (typeof condition.startsWith !== "string") throw wrong("needs a text that values start with");
    } else if ("in" in condition) {
      if (!Array.isArray(condition.in) || !condition.in.every(isScalar)) throw wrong("needs a list of plain values");
    } else if ("equals" in condition) {
      if (!isScalar(condition.equals)) throw wrong("needs a plain value");
    } else if (!("exists" in condition) || typeof condition.exists !== "boolean") throw wrong("is of no known kind");
  }
}

function isScalar(value: unknown): value is MetadataScalar {
  return value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

function wrong(what: string): ColloquyError {
  return new ColloquyError({ code: "INPUT_INVALID", message: `A condition on metadata ${what}.` });
}
