import { isRecord, type JsonRecord } from "../json.js";
import { rulesKey } from "./check-template.js";
import { compilePattern } from "./pattern.js";
import { pythonEquals, pythonLength, pythonRepr, pythonText, pythonType } from "./python.js";

/**
 * What the server will say of an answer, by field and in its own words; empty when the answer fits. The server checks what the
 * session's data are after the answer was put into them, so give that. For a template without faults: see `problemsOfTemplate`.
 */
export function problemsOfAnswer(data: JsonRecord, template: unknown): Readonly<Record<string, string>> {
  const rules = isRecord(template) && Object.hasOwn(template, rulesKey) ? template[rulesKey] : undefined;
  if (!isRecord(rules)) return {};
  const problems = Object.entries(rules).flatMap(([field, rule]) => {
    if (!Object.hasOwn(data, field)) return [[field, "Missing required field"] as const];
    const problem = problemOf(data[field], isRecord(rule) ? rule : {});
    return problem === undefined ? [] : [[field, problem] as const];
  });
  return Object.fromEntries(problems);
}

/** The fields that a template asks for. */
export function fieldsOf(template: unknown): readonly string[] {
  const rules = isRecord(template) && Object.hasOwn(template, rulesKey) ? template[rulesKey] : undefined;
  return isRecord(rules) ? Object.keys(rules) : [];
}

/** The first thing that is wrong with a value. The set of allowed values is looked at last, and its message wins. */
function problemOf(value: unknown, rule: JsonRecord): string | undefined {
  const first = problemOfType(value, rule["type"]) ?? problemOfContent(value, rule);
  const allowed = rule["enum"];
  if (Array.isArray(allowed) && !allowed.some((one) => pythonEquals(one, value)))
    return `Value '${pythonText(value)}' not in allowed set ${pythonRepr(allowed)}`;
  return first;
}

function problemOfType(value: unknown, type: unknown): string | undefined {
  if (type === undefined || type === null) return "Unsupported type 'None' in schema";
  return isOfType(value, type) ? undefined : `Expected type '${pythonText(type)}', got '${pythonType(value)}'`;
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case "any":
      return true;
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    case "number":
      // A bool is an int in Python.
      return typeof value === "number" || typeof value === "boolean";
    case "string":
    case "boolean":
      return typeof value === type;
    default:
      return false;
  }
}

function problemOfContent(value: unknown, rule: JsonRecord): string | undefined {
  if (rule["type"] === "string") return problemOfText(String(value), rule);
  if (rule["type"] === "number") return problemOfNumber(value, rule);
  return Array.isArray(value) && rule["type"] === "array" ? problemOfList(value, rule) : undefined;
}

/** A rule that is no number is none. */
const isBelow = (value: number, bound: unknown): boolean => typeof bound === "number" && value < bound;
const isAbove = (value: number, bound: unknown): boolean => typeof bound === "number" && value > bound;

function problemOfText(value: string, { pattern, minLength, maxLength }: JsonRecord): string | undefined {
  if (isAgainst(value, pattern)) return `Value '${value}' does not match pattern '${pythonText(pattern)}'`;
  const length = pythonLength(value);
  if (isBelow(length, minLength)) return `Length ${length} is less than minimum length ${pythonText(minLength)}`;
  return isAbove(length, maxLength) ? `Length ${length} exceeds maximum length ${pythonText(maxLength)}` : undefined;
}

function isAgainst(value: string, pattern: unknown): boolean {
  return typeof pattern === "string" && compilePattern(pattern)?.test(value) === false;
}

function problemOfNumber(value: unknown, rule: JsonRecord): string | undefined {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = rule;
  const number = Number(value);
  const shown = pythonText(value);
  if (isBelow(number, minimum)) return `Value ${shown} is less than minimum ${pythonText(minimum)}`;
  if (isAbove(number, maximum)) return `Value ${shown} exceeds maximum ${pythonText(maximum)}`;
  if (isBelow(number, above) || number === above)
    return `Value ${shown} must be greater than exclusive minimum ${pythonText(above)}`;
  if (isAbove(number, below) || number === below)
    return `Value ${shown} must be less than exclusive maximum ${pythonText(below)}`;
  return undefined;
}

function problemOfList(value: readonly unknown[], rule: JsonRecord): string | undefined {
  const { minItems, maxItems, uniqueItems, items } = rule;
  const { length } = value;
  if (isBelow(length, minItems)) return `Array length ${length} is less than minimum items ${pythonText(minItems)}`;
  if (isAbove(length, maxItems)) return `Array length ${length} exceeds maximum items ${pythonText(maxItems)}`;
  const hasTwins = value.some((item, index) => value.slice(0, index).some((other) => pythonEquals(other, item)));
  if (uniqueItems === true && hasTwins) return "Array items are not unique";
  return isRecord(items) ? problemOfItems(value, items) : undefined;
}

function problemOfItems(value: readonly unknown[], { type, pattern }: JsonRecord): string | undefined {
  for (const [index, item] of value.entries()) {
    if (type !== undefined && !isOfType(item, type))
      return `Item at index ${index} expected type '${pythonText(type)}', got '${pythonType(item)}'`;
    if (typeof item === "string" && isAgainst(item, pattern))
      return `Item at index ${index} with value '${item}' does not match pattern '${pythonText(pattern)}'`;
  }
  return undefined;
}
