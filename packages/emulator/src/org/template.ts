import { pythonLength, pythonRepr, pythonStr, pythonType } from "../http/python.js";

/** The check itself fails, as Python code does: the server answers with a page, and nothing is stored. */
export class TemplateCrash extends Error {}

type Rule = Readonly<Record<string, unknown>>;

/** The problem of each field, by its name; empty when the data fit. Only the template's `policy_input_schema` is read. */
export function problemsOf(data: Readonly<Record<string, unknown>>, template: unknown): Record<string, string> {
  const schema = schemaOf(template);
  const problems: Record<string, string> = {};
  for (const [field, rule] of Object.entries(schema)) {
    if (!Object.hasOwn(data, field)) {
      problems[field] = "Missing required field";
      continue;
    }
    if (!isRecord(rule)) throw new TemplateCrash("the rule of a field is no object");
    const problem = problemOf(data[field], rule);
    if (problem !== undefined) problems[field] = problem;
  }
  return problems;
}

function schemaOf(template: unknown): Readonly<Record<string, unknown>> {
  if (template === null) throw new TemplateCrash("the template is null");
  if (!isRecord(template) || !Object.hasOwn(template, "policy_input_schema")) return {};
  const schema = template["policy_input_schema"];
  if (!isRecord(schema)) throw new TemplateCrash("policy_input_schema is no object");
  return schema;
}

/** The first thing that is wrong with a value. The set of allowed values is looked at last, and its message wins. */
function problemOf(value: unknown, rule: Rule): string | undefined {
  const first = problemOfType(value, rule["type"]) ?? problemOfContent(value, rule);
  const allowed = rule["enum"];
  if (Array.isArray(allowed) && !allowed.some((one) => isSame(one, value)))
    return `Value '${pythonStr(value)}' not in allowed set ${pythonRepr(allowed)}`;
  return first;
}

const typeChecks: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  // A bool is an int in Python.
  number: (value) => typeof value === "number" || typeof value === "boolean",
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
  object: isRecord,
  any: () => true,
};

function problemOfType(value: unknown, type: unknown): string | undefined {
  if (type === undefined || type === null) return "Unsupported type 'None' in schema";
  return isOfType(value, type) ? undefined : `Expected type '${pythonStr(type)}', got '${pythonType(value)}'`;
}

function isOfType(value: unknown, type: unknown): boolean {
  return typeof type === "string" && Object.hasOwn(typeChecks, type) && (typeChecks[type]?.(value) ?? false);
}

function problemOfContent(value: unknown, rule: Rule): string | undefined {
  if (rule["type"] === "string") return problemOfText(value as string, rule);
  if (rule["type"] === "number") return problemOfNumber(value as number | boolean, rule);
  return rule["type"] === "array" ? problemOfList(value as readonly unknown[], rule) : undefined;
}

function problemOfText(value: string, { pattern, minLength, maxLength }: Rule): string | undefined {
  if (pattern !== undefined && !fits(pattern, value))
    return `Value '${value}' does not match pattern '${pythonStr(pattern)}'`;
  const length = pythonLength(value);
  if (typeof minLength === "number" && length < minLength)
    return `Length ${length} is less than minimum length ${minLength}`;
  if (typeof maxLength === "number" && length > maxLength)
    return `Length ${length} exceeds maximum length ${maxLength}`;
  return undefined;
}

function problemOfNumber(value: number | boolean, rule: Rule): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = rule;
  const number = Number(value);
  const shown = pythonStr(value);
  if (typeof minimum === "number" && number < minimum) return `Value ${shown} is less than minimum ${minimum}`;
  if (typeof maximum === "number" && number > maximum) return `Value ${shown} exceeds maximum ${maximum}`;
  if (typeof exclusiveMinimum === "number" && number <= exclusiveMinimum)
    return `Value ${shown} must be greater than exclusive minimum ${exclusiveMinimum}`;
  if (typeof exclusiveMaximum === "number" && number >= exclusiveMaximum)
    return `Value ${shown} must be less than exclusive maximum ${exclusiveMaximum}`;
  return undefined;
}

function problemOfList(
  value: readonly unknown[],
  { minItems, maxItems, uniqueItems, items }: Rule,
): string | undefined {
  const { length } = value;
  if (typeof minItems === "number" && length < minItems)
    return `Array length ${length} is less than minimum items ${minItems}`;
  if (typeof maxItems === "number" && length > maxItems)
    return `Array length ${length} exceeds maximum items ${maxItems}`;
  if (uniqueItems === true && hasTwins(value)) return "Array items are not unique";
  return isRecord(items) ? problemOfItems(value, items) : undefined;
}

function problemOfItems(value: readonly unknown[], { type, pattern }: Rule): string | undefined {
  for (const [index, item] of value.entries()) {
    if (type !== undefined && !isOfType(item, type))
      return `Item at index ${index} expected type '${pythonStr(type)}', got '${pythonType(item)}'`;
    if (pattern !== undefined && typeof item === "string" && !fits(pattern, item))
      return `Item at index ${index} with value '${item}' does not match pattern '${pythonStr(pattern)}'`;
  }
  return undefined;
}

/** Python puts the items into a set, which takes no lists and no dicts. */
function hasTwins(value: readonly unknown[]): boolean {
  if (value.some((item) => typeof item === "object" && item !== null))
    throw new TemplateCrash("items that are lists or objects cannot be compared");
  return value.some((item, index) => value.slice(0, index).some((other) => isSame(other, item)));
}

/** Python's `re.match`: anchored at the start only. */
function fits(pattern: unknown, value: string): boolean {
  if (typeof pattern !== "string") throw new TemplateCrash("a pattern is no text");
  try {
    const translated = pattern.replaceAll("(?P<", "(?<").replaceAll("\\Z", "(?![\\s\\S])").replaceAll("\\A", "");
    return new RegExp(`^(?:${translated})`, "u").test(value);
  } catch {
    throw new TemplateCrash("a pattern is no regular expression");
  }
}

/** Python's `==`: True is 1 and False is 0, also inside of lists and dicts. */
function isSame(one: unknown, other: unknown): boolean {
  const plain = (value: unknown): unknown => (typeof value === "boolean" ? Number(value) : value);
  const [a, b] = [plain(one), plain(other)];
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
    );
  }
  return a === b;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
