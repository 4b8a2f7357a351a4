import type { AnyOperation, ErrorCode, Failure, WireResponse } from "@colloquy/core/contract";
import { credentialTexts, knownText } from "./error-codes.js";
import { isRecord, textAt } from "./json.js";
import { retryAfterMsOf } from "./rate-limits.js";
import { withoutSecrets } from "./redaction.js";

/**
 * Why the provider said no; `undefined` for success. Three families of refusals: `error` (business), `message` with
 * `errors` (framework), and `message` with `retry_after` (throttle, without `success`). A success need not have a `success`
 * key, and a refusal may come with 200.
 */
export function readFailure(response: WireResponse, operation: AnyOperation): Failure | undefined {
  const { status, body } = response;
  const isRefused = isRecord(body) && body["success"] === false;
  if (status >= 200 && status < 300 && !isRefused) return isPage(response) ? unreadable(operation) : undefined;
  if (status >= 300 && status < 400) return { code: "REDIRECT_REFUSED" };
  const text = textAt(body, "error") ?? textAt(body, "message");
  const known = text === undefined ? undefined : knownText(text);
  const credential = readCredentialFailure(status, text, operation);
  const failure = credential ?? known ?? byStatus(response, text);
  const fieldErrors = fieldErrorsOf(body);
  const retryAfterMs = failure.code === "RATE_LIMITED" || status === 503 ? retryAfterMsOf(response) : undefined;
  return {
    code: failure.code,
    // Whatever the catalogue says of the code: an answer came and it was no.
    ...(failure.code === "PROVIDER_UNAVAILABLE" ? {} : { outcome: "rejected" as const }),
    ...(failure.userAction === undefined ? {} : { userAction: failure.userAction }),
    ...(text === undefined ? {} : { providerMessage: withoutSecrets(text) }),
    ...(fieldErrors === undefined ? {} : { fieldErrors }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

type Verdict = Pick<Failure, "code" | "userAction">;

/** Other text is left to `decode`: the body of some successes is not documented, and need not be JSON. */
const isPage = ({ format, text }: WireResponse): boolean => format === "other" && text.trimStart().startsWith("<");

/** A page where an answer belongs: the fate of a send stays open, that of a repeatable call does not matter. */
function unreadable({ repeatable }: AnyOperation): Failure {
  return { code: "RESPONSE_MALFORMED", outcome: repeatable === "always" ? "rejected" : "unknown" };
}

function readCredentialFailure(
  status: number,
  text: string | undefined,
  { credential }: AnyOperation,
): Verdict | undefined {
  const lower = text?.toLowerCase() ?? "";
  const found = credentialTexts.find(({ contains }) => lower.includes(contains));
  if (!found) return status === 401 ? { code: "CREDENTIAL_REJECTED" } : undefined;
  const isOther = found.wants !== "any" && credential !== "none" && found.wants !== credential;
  if (isOther) {
    const wanted = found.wants === "session_key" ? "a session's API key" : "a personal access token";
    return {
      code: "CREDENTIAL_WRONG_KIND",
      userAction: `The provider wants ${wanted} here; report it if the right one was given.`,
    };
  }
  if (credential === "none") return { code: "CREDENTIAL_REJECTED" };
  return credential === "personal_access_token"
    ? {
        code: "CREDENTIAL_REJECTED",
        userAction:
          "Create a personal access token in Wasender's settings and set WASENDER_PERSONAL_ACCESS_TOKEN; a session's API key does not work here.",
      }
    : {
        code: "CREDENTIAL_REJECTED",
        userAction:
          "Attach the session again to fetch its present API key; a personal access token does not work here.",
      };
}

const codesOfStatus: Readonly<Record<number, ErrorCode>> = {
  402: "SUBSCRIPTION_REQUIRED",
  403: "PERMISSION_DENIED",
  408: "PROVIDER_UNAVAILABLE",
  410: "REMOTE_NOT_FOUND",
  413: "INPUT_INVALID",
  415: "INPUT_INVALID",
  422: "INPUT_INVALID",
  429: "RATE_LIMITED",
};

function byStatus({ status, format }: WireResponse, text: string | undefined): Verdict {
  if (status === 404) return notFound(format, text);
  if (status >= 500) return { code: "PROVIDER_UNAVAILABLE" };
  return { code: codesOfStatus[status] ?? "PROVIDER_REJECTED" };
}

/** A page, or the framework's word for an unknown route, says that the address is wrong, not that a session is gone. */
function notFound(format: WireResponse["format"], text: string | undefined): Verdict {
  const isWrongAddress = format === "other" || /^the route .* could not be found/i.test(text ?? "");
  return isWrongAddress
    ? { code: "RESPONSE_MALFORMED", userAction: "Check the base URL: the provider knows no such route." }
    : { code: "REMOTE_NOT_FOUND" };
}

/** The validation bag, in the wire's field names. */
function fieldErrorsOf(body: unknown): Readonly<Record<string, readonly string[]>> | undefined {
  const errors = isRecord(body) ? body["errors"] : undefined;
  if (!isRecord(errors)) return undefined;
  const fields = Object.entries(errors).map(([field, texts]): [string, readonly string[]] => [
    field,
    (Array.isArray(texts) ? texts : [texts])
      .filter((text): text is string => typeof text === "string")
      .map(withoutSecrets),
  ]);
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}
