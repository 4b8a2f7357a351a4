import type { CredentialSource, LimitRule, Problem } from "@colloquy/core/contract";
import { limitsOf, problemsOfLimits, type WasenderLimitOptions, type WasenderPlan } from "./limits.js";
import { tokenLooksLike } from "./manifest.js";
import type { LinkMethod } from "./operations/sessions/linking.js";
import { problemOfBaseUrl } from "./urls.js";

export interface WasenderOptions {
  /**
   * Token of the account, or a function that fetches it for each request. Needed to make, read, connect and delete sessions:
   * without it such a call throws `CREDENTIAL_MISSING` and sends nothing.
   */
  readonly personalAccessToken?: CredentialSource;
  /** Default `https://www.wasenderapi.com/api`. Plain http is accepted for loopback only. */
  readonly baseUrl?: string;
  /** Which published limits to begin with. Default `paid`. */
  readonly plan?: WasenderPlan;
  /** Figures that differ from the plan's, or a whole list of rules in its place. */
  readonly limits?: WasenderLimitOptions | readonly LimitRule[];
  /** How a phone is linked. Default: the provider's, which is `qr`. A passkey may fall back to a QR code. */
  readonly linkMethod?: LinkMethod;
}

const defaultBaseUrl = "https://www.wasenderapi.com/api";

export function baseUrlOf({ baseUrl = defaultBaseUrl }: WasenderOptions): string {
  return baseUrl.replace(/\/+$/, "");
}

/** The rules in force instead of the manifest's; `undefined` when those stand. */
export function limitsInForce({ plan = "paid", limits }: WasenderOptions): readonly LimitRule[] | undefined {
  if (isRuleList(limits)) return limits;
  return plan === "paid" && limits === undefined ? undefined : limitsOf(plan, limits);
}

// `Array.isArray` does not narrow away a readonly list.
function isRuleList(limits: WasenderOptions["limits"]): limits is readonly LimitRule[] {
  return Array.isArray(limits);
}

/** Everything wrong with the options, without network. */
export function problemsOfOptions(options: WasenderOptions): readonly Problem[] {
  const { baseUrl, plan, limits, linkMethod, personalAccessToken } = options;
  const problems: Problem[] = [];
  const wrongUrl = baseUrl === undefined ? undefined : problemOfBaseUrl(baseUrl);
  if (wrongUrl !== undefined) problems.push({ field: "baseUrl", message: wrongUrl });
  if (plan !== undefined && plan !== "paid" && plan !== "trial")
    problems.push({ field: "plan", message: "Must be paid or trial." });
  if (linkMethod !== undefined && linkMethod !== "qr" && linkMethod !== "passkey")
    problems.push({ field: "linkMethod", message: "Must be qr or passkey." });
  if (limits !== undefined && !isRuleList(limits)) problems.push(...problemsOfLimits(limits));
  const wrongToken = typeof personalAccessToken === "string" ? problemOfToken(personalAccessToken) : undefined;
  if (wrongToken !== undefined) problems.push({ field: "personalAccessToken", message: wrongToken });
  return problems;
}

function problemOfToken(token: string): string | undefined {
  if (token.trim() === "") return "Is empty; set WASENDER_PERSONAL_ACCESS_TOKEN.";
  if (!/^[\x21-\x7e]+$/.test(token))
    return "Holds a line break, a space or another character that a header cannot carry.";
  return tokenLooksLike(token) === "session_key"
    ? "Looks like a session's API key, not like a personal access token."
    : undefined;
}
