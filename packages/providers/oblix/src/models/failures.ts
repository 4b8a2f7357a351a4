import { type ErrorCode, type Failure, parseRetryAfter, type WireResponse } from "@colloquy/core/contract";
import { isRecord, textAt } from "../json.js";

export interface FailureWords {
  /** The variable that holds the key, for the advice. */
  readonly environmentVariable: string;
  /** The service's own word for what happened. */
  readonly word?: string | undefined;
  readonly said?: string | undefined;
}

const tooLong = /context.{0,20}length|maximum context|prompt is too long|too many tokens|exceeds?.{0,20}context/i;
const noMoney = /insufficient_quota|credit balance|billing|exceeded your current quota/i;
const noModel = /model.{0,80}(not found|does not exist)|not_found_error|model_not_found/i;

/** What the endpoints have in common: a status, a word and a sentence. Undefined for success. */
export function failureOf(
  response: WireResponse,
  { environmentVariable, word, said }: FailureWords,
): Failure | undefined {
  const { status } = response;
  if (status >= 200 && status < 300) return undefined;
  const words = `${word ?? ""} ${said ?? ""}`;
  const told = {
    ...(word === undefined || !/^[\w.-]{1,64}$/.test(word) ? {} : { providerCode: word }),
    ...(said === undefined ? {} : { providerMessage: said }),
  };
  const rejected = (code: ErrorCode, userAction?: string): Failure => ({
    code,
    outcome: "rejected",
    ...told,
    ...(userAction === undefined ? {} : { userAction }),
  });
  if (noMoney.test(words)) return rejected("QUOTA_EXCEEDED", "Add credit at the provider, or use another model.");
  if (status === 401) return rejected("CREDENTIAL_REJECTED", `Set ${environmentVariable} to a key that is valid.`);
  if (status === 403) return rejected("PERMISSION_DENIED");
  if (tooLong.test(words) || status === 413)
    return rejected("MESSAGE_TOO_LONG", "Lower `tokenBudget`, or use a model with a larger context.");
  if (noModel.test(words))
    return rejected("REMOTE_NOT_FOUND", "Check the model's name; pull it first where it is local.");
  if (status === 404) return rejected("REMOTE_NOT_FOUND", "Check the base URL and the model's name.");
  if (status === 429) return { ...rejected("RATE_LIMITED"), ...waitOf(response) };
  // No answer was made: an outage or overload (529 among them), so it may be asked again.
  if (status >= 500 || status === 408) return { ...rejected("PROVIDER_UNAVAILABLE"), ...waitOf(response) };
  return rejected(status === 400 || status === 422 ? "INPUT_INVALID" : "PROVIDER_REJECTED");
}

function waitOf({ headers, receivedAtMs }: WireResponse): { readonly retryAfterMs?: number } {
  const exact = Number(headers["retry-after-ms"]);
  const retryAfterMs =
    Number.isFinite(exact) && exact > 0 ? exact : parseRetryAfter(headers["retry-after"], receivedAtMs);
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

/** `{ error: { type, code, message } }`, as OpenAI and Anthropic write it, or `{ error: "…" }` as Ollama does. */
export function wordsOf(body: unknown): { readonly word: string | undefined; readonly said: string | undefined } {
  const error = isRecord(body) ? body["error"] : undefined;
  if (typeof error === "string") return { word: undefined, said: error === "" ? undefined : error };
  return {
    word: textAt(error, "code") ?? textAt(error, "type"),
    said: textAt(error, "message") ?? textAt(body, "message"),
  };
}
