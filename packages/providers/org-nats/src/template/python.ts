/** The name of a JSON value's type in Python. A number without a fraction counts as an int. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return typeof value === "string" ? "str" : "dict";
}

/** What Python's `str()` shows. */
export function pythonText(value: unknown): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

/** What Python's `repr()` shows of a JSON value. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return pythonNumber(value);
  if (typeof value === "string") return pythonQuoted(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  const members = Object.entries(value).map(([key, member]) => `${pythonRepr(key)}: ${pythonRepr(member)}`);
  return `{${members.join(", ")}}`;
}

/** How many characters Python counts: code points, not the units of UTF-16. */
export function pythonLength(text: string): number {
  return Array.from(text).length;
}

/** Python's `==`: True is 1 and False is 0, also inside of lists and dicts. */
export function pythonEquals(one: unknown, other: unknown): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => pythonEquals(item, b[index]));
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    if (Array.isArray(a) || Array.isArray(b)) return false;
    const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
    return (
      left.size === right.size && [...left].every(([key, item]) => right.has(key) && pythonEquals(item, right.get(key)))
    );
  }
  return a === b;
}

const plain = (value: unknown): unknown => (typeof value === "boolean" ? Number(value) : value);

function pythonNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  const text = String(value);
  // Python gives an exponent two digits at least, and writes one below 1e-4, where JavaScript begins at 1e-7.
  const small = Math.abs(value) < 1e-4 && !text.includes("e") ? value.toExponential() : text;
  return small.replace(/e([+-])(\d)$/, "e$10$2");
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function pythonQuoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replaceAll(/[\\\n\r\t]|\p{Cc}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return escapes[character] ?? `\\x${code.toString(16).padStart(2, "0")}`;
  });
  return `${quote}${quote === "'" ? inner.replaceAll("'", "\\'") : inner}${quote}`;
}
