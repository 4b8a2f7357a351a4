import { usageError } from "../usage-error.js";
import type { EnvironmentFinding } from "./provider-adapter.js";

type Environment = Readonly<Record<string, string | undefined>>;

export const variables = {
  token: "WASENDER_PERSONAL_ACCESS_TOKEN",
  baseUrl: "WASENDER_BASE_URL",
  plan: "WASENDER_PLAN",
  sendPerMinute: "WASENDER_SEND_PER_MINUTE",
  accountProtectionWindowMs: "WASENDER_ACCOUNT_PROTECTION_WINDOW_MS",
} as const;

export function positiveNumber(environment: Environment, name: string): number | undefined {
  const text = environment[name];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0))
    throw usageError(`${name} is "${text}".`, "Set it to a number above 0, or unset it.");
  return value;
}

/** Without network, and without showing a value. */
export function checkEnvironment(environment: Environment): readonly EnvironmentFinding[] {
  return [tokenFinding(environment[variables.token]), baseUrlFinding(environment[variables.baseUrl])];
}

function tokenFinding(token: string | undefined): EnvironmentFinding {
  const name = variables.token;
  const doNext = `Create a personal access token at the provider and export ${name}.`;
  if (!token) return { name, state: "fail", says: "is not set", doNext };
  if (/\s/.test(token))
    return { name, state: "fail", says: "holds white space", doNext: "Export it again, without line break." };
  if (/^[0-9a-f]{64}$/.test(token))
    return { name, state: "fail", says: "looks like a session's API key, not like a personal access token", doNext };
  return { name, state: "ok", says: `is set (${token.length} characters)` };
}

function baseUrlFinding(baseUrl: string | undefined): EnvironmentFinding {
  const name = variables.baseUrl;
  if (!baseUrl) return { name, state: "ok", says: "is not set, so the provider's own address is used" };
  if (!URL.canParse(baseUrl)) return { name, state: "fail", says: "is no URL", doNext: `Correct ${name} or unset it.` };
  const { origin, pathname } = new URL(baseUrl);
  return { name, state: "ok", says: `is ${origin}${pathname}` };
}
