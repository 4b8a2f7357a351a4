/** What Python's `json.dumps` writes: `separators` of its default or compact, ASCII only, keys sorted when asked. */
export function pythonJson(value: unknown, style: { compact?: boolean; sorted?: boolean } = {}): string {
  const comma = style.compact ? "," : ", ";
  const colon = style.compact ? ":" : ": ";
  const write = (one: unknown): string => {
    if (Array.isArray(one)) return `[${one.map(write).join(comma)}]`;
    if (typeof one === "object" && one !== null) {
      const entries = Object.entries(one).filter(([, member]) => member !== undefined);
      const ordered = style.sorted ? entries.toSorted(([a], [b]) => (a < b ? -1 : 1)) : entries;
      return `{${ordered.map(([key, member]) => `${ascii(key)}${colon}${write(member)}`).join(comma)}}`;
    }
    return typeof one === "string" ? ascii(one) : JSON.stringify(one);
  };
  return write(value);
}

/** How many characters Python counts in a text: code points, not the units of UTF-16. */
export function pythonLength(text: string): number {
  return Array.from(text).length;
}

/** A JSON text with everything beyond ASCII escaped. */
function ascii(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The name of a JSON value's type in Python. A number without a fraction counts as an int. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return typeof value === "string" ? "str" : "dict";
}

/** What Python's `str()` shows. */
export function pythonStr(value: unknown): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

/** What Python's `repr()` shows. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, member]) => `${quoted(key)}: ${pythonRepr(member)}`)
    .join(", ")}}`;
}

/** Single quotes, unless the text holds one and no double quote. */
function quoted(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
  return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}
