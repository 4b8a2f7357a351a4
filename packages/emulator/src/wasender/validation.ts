import { validationRefusal } from "./failures.js";
import { isPhoneNumber } from "./jid.js";

type Fields = Record<string, unknown>;

/** Checks one value; a complaint is the end of Laravel's sentence "The … field …". */
export interface Rule {
  required: boolean;
  check: (value: unknown) => string | undefined;
  /** The value as the server understands it. */
  read: (value: unknown) => unknown;
}

const rule = (check: Rule["check"], read: Rule["read"] = (value) => value): Rule => ({ required: false, check, read });

export const required = (inner: Rule): Rule => ({ ...inner, required: true });

export const text = (longest: number = 65_536): Rule =>
  rule((value) => {
    if (typeof value !== "string") return "must be a string.";
    return value.length > longest ? `must not be greater than ${longest} characters.` : undefined;
  });

/** What PHP takes for a boolean. */
const booleans = new Map<unknown, boolean>([
  [true, true],
  [1, true],
  ["1", true],
  [false, false],
  [0, false],
  ["0", false],
]);

export const flag = (): Rule =>
  rule(
    (value) => (booleans.has(value) ? undefined : "must be true or false."),
    (value) => booleans.get(value),
  );

export const integer = (): Rule =>
  rule((value) => (/^-?\d+$/.test(String(value)) ? undefined : "must be an integer."), Number);

export const number = (): Rule =>
  rule((value) => (value !== "" && Number.isFinite(Number(value)) ? undefined : "must be a number."), Number);

export const url = (): Rule =>
  rule((value) => (isUrl(value, ["http:", "https:"]) ? undefined : "must be a valid URL."));

export const oneOf = (...allowed: string[]): Rule =>
  rule((value) => (allowed.includes(value as string) ? undefined : "is invalid."));

export const phone = (): Rule =>
  rule((value) => (typeof value === "string" && isPhoneNumber(value) ? undefined : "format is invalid."));

export const matching = (accepts: (value: string) => boolean): Rule =>
  rule((value) => (typeof value === "string" && accepts(value) ? undefined : "format is invalid."));

/** A list of strings. */
export const list = (fewest = 0, most: number = Number.POSITIVE_INFINITY): Rule =>
  rule((value) => {
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) return "must be an array.";
    if (value.length < fewest) return `must have at least ${fewest} items.`;
    return value.length > most ? `must not have more than ${most} items.` : undefined;
  });

export const record = (): Rule =>
  rule((value) => (typeof value === "object" && !Array.isArray(value) ? undefined : "must be an array."));

/** A proxy is reached by a public name: never by an address or inside a private network. */
export const proxy = (): Rule =>
  rule((value) => {
    if (!isUrl(value, ["http:", "https:", "socks5:"])) return "must be a valid URL.";
    const { hostname } = new URL(value as string);
    return /^[\d.]+$|^\[|^localhost$|\.(local|internal|lan)$|^[^.]+$/.test(hostname)
      ? "must use a public domain name."
      : undefined;
  });

/**
 * The fields that are present and known, by their (dotted) name; undocumented keys are ignored and null counts as
 * absent. Refuses with Laravel's bag of complaints. `more` may add complaints of its own.
 */
export function validate(body: unknown, rules: Record<string, Rule>, more: Record<string, string> = {}): Fields {
  const errors: Record<string, string[]> = {};
  const fields: Fields = {};
  for (const [name, { required: isRequired, check, read }] of Object.entries(rules)) {
    const value = valueAt(body, name);
    if (value === undefined || value === null || value === "") {
      if (isRequired) errors[name] = [`The ${label(name)} field is required.`];
      continue;
    }
    const complaint = check(value);
    if (complaint === undefined) fields[name] = read(value);
    else
      errors[name] = [
        complaint === "is invalid."
          ? `The selected ${label(name)} is invalid.`
          : `The ${label(name)} field ${complaint}`,
      ];
  }
  for (const [name, complaint] of Object.entries(more)) errors[name] ??= [complaint];
  if (Object.keys(errors).length > 0) throw validationRefusal(errors);
  return fields;
}

export function valueAt(body: unknown, name: string): unknown {
  return name.split(".").reduce<unknown>((value, key) => {
    return typeof value === "object" && value !== null && Object.hasOwn(value, key)
      ? (value as Fields)[key]
      : undefined;
  }, body);
}

/** Laravel speaks of `webhook_url` and `imageUrl` as "webhook url" and "image url". */
const label = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();

function isUrl(value: unknown, protocols: readonly string[]): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  return protocols.includes(new URL(value).protocol);
}
