import type { CredentialSource, LimitRule, Problem } from "@colloquy/core/contract";
import { problemOfBaseUrl } from "./urls.js";

export interface AtlusOptions {
  /** Where ATLUS, or the gateway before it, listens; with or without `/api/v1`. Default `http://localhost:5000`. */
  readonly baseUrl?: string;
  /** For a gateway that asks for one: a token, or a function that fetches it for each request. Default: none is sent. */
  readonly personalAccessToken?: CredentialSource;
  /** How long one chat may take, in milliseconds. Default 300,000: answers may take minutes. */
  readonly chatTimeoutMs?: number;
  /** Instead of the service's own, for example where a gateway has others. */
  readonly limits?: readonly LimitRule[];
}

const defaultBaseUrl = "http://localhost:5000";

/** ASSUMED: the documentation's longest sample took 45 s, and the complex path makes six or more calls to a model. */
export const defaultChatTimeoutMs = 300_000;

/** Without the API's own path, which the operations name. */
export function baseUrlOf({ baseUrl = defaultBaseUrl }: AtlusOptions): string {
  return baseUrl.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
}

/** Everything wrong with the options, without network. */
export function problemsOfOptions(options: AtlusOptions): readonly Problem[] {
  const { baseUrl = defaultBaseUrl, personalAccessToken, chatTimeoutMs } = options;
  const problems: Problem[] = [];
  const wrongUrl = problemOfBaseUrl(baseUrl, personalAccessToken !== undefined);
  if (wrongUrl !== undefined) problems.push({ field: "baseUrl", message: wrongUrl });
  if (chatTimeoutMs !== undefined && !(Number.isFinite(chatTimeoutMs) && chatTimeoutMs > 0))
    problems.push({ field: "chatTimeoutMs", message: "Must be a number above 0." });
  if (typeof personalAccessToken === "string" && !/^[\x21-\x7e]+$/.test(personalAccessToken))
    problems.push({
      field: "personalAccessToken",
      message: "Is empty, or holds a line break, a space or another character that a header cannot carry.",
    });
  return problems;
}
