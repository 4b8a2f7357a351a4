export type JsonRecord = Readonly<Record<string, unknown>>;

/** True for `{…}`; false for arrays and null. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text under a key, when there is a non-empty one. For input that may be hostile. */
export function textAt(value: unknown, key: string): string | undefined {
  const found = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** Every key of a shape; the optional ones may be undefined. */
type EveryKey<Shape> = {
  readonly [Key in keyof Shape]-?: object extends Pick<Shape, Key> ? Shape[Key] | undefined : Shape[Key];
};

/** The same fields without those that are undefined. Naming every key keeps a model's optional field from being forgotten. */
export function withoutUndefined<Shape extends object>(fields: EveryKey<Shape>): Shape {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Shape;
}
