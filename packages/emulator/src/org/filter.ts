import { isDeepStrictEqual } from "node:util";
import type { Document } from "./collection.js";

/** What MongoDB says to a filter that it cannot run. */
export class FilterError extends Error {}

type Operator = (value: unknown, wanted: unknown) => boolean;

const compare =
  (holds: (difference: number) => boolean): Operator =>
  (value, wanted) =>
    typeof value === "number" && typeof wanted === "number" && holds(value - wanted);

const operators: Readonly<Record<string, Operator>> = {
  $eq: isEqual,
  $ne: (value, wanted) => !isEqual(value, wanted),
  $in: (value, wanted) => Array.isArray(wanted) && wanted.some((one) => isEqual(value, one)),
  $nin: (value, wanted) => Array.isArray(wanted) && !wanted.some((one) => isEqual(value, one)),
  $exists: (value, wanted) => (value !== undefined) === Boolean(wanted),
  $gt: compare((difference) => difference > 0),
  $gte: compare((difference) => difference >= 0),
  $lt: compare((difference) => difference < 0),
  $lte: compare((difference) => difference <= 0),
};

/** Whether a document fits a filter: fields, dotted paths, the comparing operators, `$and` and `$or`. Others are refused. */
export function matches(document: Document, filter: Document): boolean {
  return Object.entries(filter).every(([key, wanted]) => {
    if (key === "$and" || key === "$or") {
      if (!Array.isArray(wanted)) throw new FilterError(`${key} must be an array`);
      const fits = wanted.map((one) => matches(document, one as Document));
      return key === "$and" ? fits.every(Boolean) : fits.some(Boolean);
    }
    if (key.startsWith("$")) throw new FilterError(`unknown top level operator: ${key}`);
    return fitsField(valueAt(document, key), wanted);
  });
}

function fitsField(value: unknown, wanted: unknown): boolean {
  const isOperators =
    typeof wanted === "object" && wanted !== null && Object.keys(wanted).some((key) => key.startsWith("$"));
  if (!isOperators)
    return isEqual(value, wanted) || (Array.isArray(value) && value.some((one) => isEqual(one, wanted)));
  return Object.entries(wanted).every(([name, operand]) => {
    const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
    if (operator === undefined) throw new FilterError(`unknown operator: ${name}`);
    return operator(value, operand);
  });
}

function isEqual(value: unknown, wanted: unknown): boolean {
  return isDeepStrictEqual(value ?? null, wanted ?? null);
}

function valueAt(document: Document, path: string): unknown {
  let value: unknown = document;
  for (const part of path.split("."))
    value = typeof value === "object" && value !== null ? (value as Document)[part] : undefined;
  return value;
}
