import type { Problem } from "@colloquy/core/contract";
import { isRecord } from "../json.js";
import { compilePattern } from "./pattern.js";

/** Where the rules stand. Everything else in a template is ignored by the server, so such a template takes every answer. */
export const rulesKey = "policy_input_schema";

const types: ReadonlySet<unknown> = new Set(["string", "number", "boolean", "array", "object", "any"]);
const counts = ["minLength", "maxLength", "minItems", "maxItems"] as const;
const bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const;

/**
 * What is wrong with a template: on which the server's check would fail with a page instead of an answer (the answer is lost
 * then), or which no answer can ever fit. Fields are named by their path.
 */
export function problemsOfTemplate(template: unknown, path = "messageDataTemplate"): readonly Problem[] {
  if (!isRecord(template)) return [{ field: path, message: "Must be an object." }];
  if (!Object.hasOwn(template, rulesKey)) return [];
  const rules = template[rulesKey];
  const place = `${path}.${rulesKey}`;
  if (!isRecord(rules)) return [{ field: place, message: "Must be an object with a rule for each field." }];
  return Object.entries(rules).flatMap(([field, rule]) => problemsOfRule(rule, `${place}.${field}`));
}

function problemsOfRule(rule: unknown, path: string): readonly Problem[] {
  if (!isRecord(rule)) return [{ field: path, message: "Must be an object: the rule of one field." }];
  const problems: Problem[] = [];
  const say = (key: string, message: string): void => void problems.push({ field: `${path}.${key}`, message });
  const { type, pattern, uniqueItems, items } = rule;
  if (!types.has(type)) say("type", "Must be string, number, boolean, array, object or any; no answer fits another.");
  if (type === "string" && pattern !== undefined) problems.push(...problemsOfPattern(pattern, `${path}.pattern`));
  for (const key of [...counts, ...bounds])
    if (rule[key] !== undefined && typeof rule[key] !== "number") say(key, "Must be a number.");
  if (rule["enum"] !== undefined && !Array.isArray(rule["enum"])) say("enum", "Must be a list.");
  if (uniqueItems !== undefined && typeof uniqueItems !== "boolean") say("uniqueItems", "Must be true or false.");
  if (items === undefined || type !== "array") return problems;
  if (!isRecord(items)) say("items", "Must be an object.");
  else problems.push(...problemsOfItems(items, uniqueItems === true, `${path}.items`));
  return problems;
}

function problemsOfItems(
  { type, pattern }: Readonly<Record<string, unknown>>,
  areUnique: boolean,
  path: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (type !== undefined && !types.has(type))
    problems.push({ field: `${path}.type`, message: "Must be string, number, boolean, array, object or any." });
  if (areUnique && (type === "array" || type === "object"))
    problems.push({ field: `${path}.type`, message: "Lists and objects cannot be checked for being unique." });
  if (pattern !== undefined) problems.push(...problemsOfPattern(pattern, `${path}.pattern`));
  return problems;
}

function problemsOfPattern(pattern: unknown, field: string): readonly Problem[] {
  if (typeof pattern !== "string") return [{ field, message: "Must be a text: a regular expression." }];
  return compilePattern(pattern) === undefined ? [{ field, message: "Is not a regular expression." }] : [];
}
