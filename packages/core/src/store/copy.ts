/**
 * A copy as JSON would give it back: `undefined` fields are left out, dates become text, and so on. Several times faster
 * than `structuredClone` or a trip through text, and what a store in memory keeps is then what a store in a file keeps.
 */
export function copyJson<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  // JSON has no negative zero, which adding 0 makes an ordinary one.
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (typeof value !== "object") return fromText(value);
  if (Array.isArray(value)) return value.map((item) => (isUnwritten(item) ? null : copy(item)));
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = (prototype === Object.prototype || prototype === null) && !("toJSON" in value);
  if (!isPlain) return fromText(value);
  const copied: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const field = (value as Record<string, unknown>)[key];
    if (isUnwritten(field)) continue;
    // An assignment to this name would set the prototype instead of a field.
    if (key === "__proto__")
      Object.defineProperty(copied, key, { value: copy(field), enumerable: true, writable: true, configurable: true });
    else copied[key] = copy(field);
  }
  return copied;
}

function isUnwritten(value: unknown): boolean {
  return value === undefined || typeof value === "function" || typeof value === "symbol";
}

function fromText(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : JSON.parse(text);
}
