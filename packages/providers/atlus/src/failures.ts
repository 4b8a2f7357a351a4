import {
  type AnyOperation,
  type ErrorCode,
  type Failure,
  parseRetryAfter,
  type WireResponse,
} from "@colloquy/core/contract";
import { knownCodes } from "./error-codes.js";
import { isRecord, textAt } from "./json.js";
import { withoutSecrets } from "./redaction.js";

/** Why the service, or a gateway before it, said no; `undefined` for success. */
export function readFailure(response: WireResponse, operation: AnyOperation): Failure | undefined {
  const { status, body } = response;
  const error = isRecord(body) ? body["error"] : undefined;
  const isRefused = isRecord(body) && body["success"] === false;
  if (status >= 200 && status < 300 && !isRefused) return isPage(response) ? unreadable(operation) : undefined;
  if (status >= 300 && status < 400) return { code: "REDIRECT_REFUSED" };
  if (isThrottlePage(response, operation)) return throttled(response);
  const providerCode = textAt(error, "code");
  const known =
    providerCode !== undefined && Object.hasOwn(knownCodes, providerCode) ? knownCodes[providerCode] : undefined;
  const verdict = known ?? byStatus(response);
  const said = textAt(error, "message") ?? textAt(body, "message");
  const fieldErrors = fieldErrorsOf(error);
  const mayWait = verdict.code === "RATE_LIMITED" || status === 503;
  const retryAfterMs = mayWait ? parseRetryAfter(response.headers["retry-after"], response.receivedAtMs) : undefined;
  return {
    ...verdict,
    ...(providerCode !== undefined && /^[A-Z][A-Z0-9_]{0,63}$/.test(providerCode) ? { providerCode } : {}),
    ...(said === undefined ? {} : { providerMessage: withoutSecrets(said) }),
    ...(fieldErrors === undefined ? {} : { fieldErrors }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

const isPage = ({ format, text }: WireResponse): boolean => format === "other" && text.trimStart().startsWith("<");

/** A page where an answer belongs: the fate of a chat stays open, that of a repeatable call does not matter. */
function unreadable({ repeatable }: AnyOperation): Failure {
  return { code: "RESPONSE_MALFORMED", outcome: repeatable === "always" ? "rejected" : "unknown" };
}

// As its web server (Werkzeug) writes pages. A gateway's look otherwise, and say nothing of limits.
const serverErrorPage = /^\s*<!doctype html>\s*<html lang="?en"?>\s*<title>500 internal server error<\/title>/i;

/**
 * The service means to refuse with 429, but its handler for that fails, and what arrives is its web server's page with 500.
 * Every other trouble of its own comes as JSON. So the page means the limit, on routes that have one: nothing was done.
 */
function isThrottlePage({ status, format, text }: WireResponse, { buckets }: AnyOperation): boolean {
  return status === 500 && format === "other" && buckets.length > 0 && serverErrorPage.test(text);
}

function throttled({ headers, receivedAtMs }: WireResponse): Failure {
  const retryAfterMs = parseRetryAfter(headers["retry-after"], receivedAtMs);
  return {
    code: "RATE_LIMITED",
    outcome: "rejected",
    providerMessage: "Internal Server Error, as the service answers above its limits.",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

const codesOfStatus: Readonly<Record<number, ErrorCode>> = {
  402: "SUBSCRIPTION_REQUIRED",
  403: "PERMISSION_DENIED",
  413: "INPUT_INVALID",
  415: "INPUT_INVALID",
  422: "INPUT_INVALID",
  429: "RATE_LIMITED",
};

function byStatus({ status }: WireResponse): Pick<Failure, "code" | "outcome" | "userAction"> {
  if (status === 401)
    return {
      code: "CREDENTIAL_REJECTED",
      outcome: "rejected",
      userAction: "Set ATLUS_PERSONAL_ACCESS_TOKEN to the token that the gateway before ATLUS takes.",
    };
  // The service names what it does not find. A bare 404 comes from something else at this address.
  if (status === 404 || status === 405)
    return { code: "RESPONSE_MALFORMED", outcome: "rejected", userAction: "Check the base URL." };
  if (status >= 500 || status === 408) return { code: "PROVIDER_UNAVAILABLE" };
  return { code: codesOfStatus[status] ?? "PROVIDER_REJECTED", outcome: "rejected" };
}

/** What the schema found, by the wire's field names. */
function fieldErrorsOf(error: unknown): Readonly<Record<string, readonly string[]>> | undefined {
  const details = isRecord(error) ? error["details"] : undefined;
  if (!Array.isArray(details)) return undefined;
  const fields: Record<string, string[]> = {};
  for (const detail of details.slice(0, 50)) {
    const field = textAt(detail, "field");
    const message = textAt(detail, "message");
    if (field === undefined || message === undefined || field === "__proto__") continue;
    (fields[field] ??= []).push(withoutSecrets(message));
  }
  return Object.keys(fields).length === 0 ? undefined : fields;
}
