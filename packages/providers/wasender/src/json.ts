import type { JsonValue } from "@colloquy/core/contract";

export type JsonRecord = Readonly<Record<string, unknown>>;

/** True for `{…}`; false for arrays and null. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The record under a key of something unknown, or an empty one. For input that may be hostile. */
export function recordAt(value: unknown, key: string): JsonRecord {
  const found = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isRecord(found) ? found : {};
}

/** The text under a key, when there is a non-empty one. */
export function textAt(value: unknown, key: string): string | undefined {
  const found = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** A copy without the keys whose value is undefined, so that no such key reaches the wire. */
export function present(fields: Readonly<Record<string, JsonValue | undefined>>): {
  readonly [key: string]: JsonValue;
} {
  const kept: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept;
}

/** Every key of a shape; the optional ones may be undefined. */
type EveryKey<Shape> = {
  readonly [Key in keyof Shape]-?: object extends Pick<Shape, Key> ? Shape[Key] | undefined : Shape[Key];
};

/** The same fields without those that are undefined. Naming every key keeps a model's optional field from being forgotten. */
export function withoutUndefined<Shape extends object>(fields: EveryKey<Shape>): Shape {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Shape;
}
