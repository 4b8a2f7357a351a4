import {
  type AnyOperation,
  type ErrorCode,
  type Failure,
  parseRetryAfter,
  type WireResponse,
} from "@colloquy/core/contract";
import { isRecord, textAt } from "./json.js";
import { withoutSecrets } from "./redaction.js";

/** Why the server, or a gateway before it, said no; `undefined` for success. */
export function readFailure(response: WireResponse, operation: AnyOperation): Failure | undefined {
  const { status, body } = response;
  const isRefused = isRecord(body) && (body["success"] === false || body["status"] === "error");
  if (status >= 200 && status < 300 && !isRefused) return isPage(response) ? unreadable(operation) : undefined;
  if (status >= 300 && status < 400) return { code: "REDIRECT_REFUSED" };
  const said = saidIn(body);
  const verdict = (said === undefined ? undefined : bySaying(said, operation)) ?? byStatus(response, operation);
  const mayWait = verdict.code === "RATE_LIMITED" || status === 503;
  const retryAfterMs = mayWait ? parseRetryAfter(response.headers["retry-after"], response.receivedAtMs) : undefined;
  return {
    ...verdict,
    ...(said === undefined ? {} : { providerMessage: withoutSecrets(said) }),
    ...fieldErrorsOf(body),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

const isPage = ({ format, text }: WireResponse): boolean => format === "other" && text.trimStart().startsWith("<");

function unreadable({ repeatable }: AnyOperation): Failure {
  return { code: "RESPONSE_MALFORMED", outcome: repeatable === "always" ? "rejected" : "unknown" };
}

/** What does not fit the template, by field. What was answered is masked. */
function fieldErrorsOf(body: unknown): Pick<Failure, "fieldErrors"> {
  const errors = isRecord(body) && body["status"] === "invalid" ? body["errors"] : undefined;
  if (!isRecord(errors)) return {};
  const said = Object.entries(errors).flatMap(([field, message]) =>
    typeof message === "string" && field !== "__proto__" ? [[field, [withoutSecrets(message)]] as const] : [],
  );
  return said.length === 0 ? {} : { fieldErrors: Object.fromEntries(said.slice(0, 50)) };
}

const longestText = 4_096;

/** What was said, wherever it stands: below `error` or `message`, as text, as an object, or as an object written as text. */
function saidIn(body: unknown, depth = 0): string | undefined {
  if (typeof body === "string") {
    const text = body.slice(0, longestText).trim();
    if (depth > 4 || !text.startsWith("{")) return text === "" ? undefined : text;
    return saidIn(parsed(text), depth + 1) ?? fromPython(text);
  }
  if (!isRecord(body) || depth > 4) return undefined;
  return saidIn(body["error"], depth + 1) ?? saidIn(textAt(body, "message"), depth + 1);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `{'error': 'Session not found'}`, as Python shows a dict. */
function fromPython(text: string): string {
  return /^\{'error': (['"])(.*)\1\}$/s.exec(text)?.[2] ?? text;
}

type Verdict = Pick<Failure, "code" | "outcome" | "userAction">;

const rejected = (code: ErrorCode, userAction?: string): Verdict => ({
  code,
  outcome: "rejected",
  ...(userAction === undefined ? {} : { userAction }),
});

/** By what the server says: it gives 500 for mistakes of the caller, too. */
const sayings: readonly (readonly [RegExp, Verdict])[] = [
  [/^(?:Session not found|No document found)/, rejected("REMOTE_NOT_FOUND")],
  [/^Missing /, rejected("INPUT_INVALID")],
  [/^(?:400 Bad Request|415 Unsupported)/, rejected("INPUT_INVALID")],
  [/object has no attribute 'get'$/, rejected("INPUT_INVALID")],
  [/^Session \S+ exists already/, rejected("INPUT_INVALID", "Choose another session id.")],
  [/object has no attribute 'expire_sessions'$/, rejected("PROVIDER_REJECTED", "This server has no such route.")],
  // Nothing changed: the same answer came twice within a second.
  [/^Failed to update session/, rejected("PROVIDER_REJECTED", "Look at the session: the answer is there already.")],
];

/** Sayings of a question that certainly did not reach the human. After any other, the human may have it. */
const unsent: readonly (readonly [RegExp, Verdict])[] = [
  [/^Channel .* not found$/, rejected("PROVIDER_REJECTED", "Check the channel's id.")],
  [/missing 'endpoint_url'$/, rejected("PROVIDER_REJECTED", "Give the channel an endpoint.")],
  [
    /Max retries exceeded.*(?:ECONNREFUSED|Connection refused|Failed to establish a new connection|Name or service not known)/s,
    { code: "PROVIDER_UNAVAILABLE", outcome: "rejected", userAction: "The channel's endpoint cannot be reached." },
  ],
];

function bySaying(said: string, { name }: AnyOperation): Verdict | undefined {
  const known = name === "messages.send" ? [...sayings, ...unsent] : sayings;
  return known.find(([pattern]) => pattern.test(said))?.[1];
}

const codesOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: "INPUT_INVALID",
  402: "SUBSCRIPTION_REQUIRED",
  403: "PERMISSION_DENIED",
  409: "INPUT_INVALID",
  413: "INPUT_INVALID",
  415: "INPUT_INVALID",
  422: "INPUT_INVALID",
  429: "RATE_LIMITED",
};

function byStatus(response: WireResponse, operation: AnyOperation): Verdict {
  const { status } = response;
  if (status === 401)
    return rejected(
      "CREDENTIAL_REJECTED",
      "Set ORG_SESSIONS_TOKEN to the token that the gateway before the server takes.",
    );
  if (status === 404 || status === 405)
    return rejected(
      "RESPONSE_MALFORMED",
      operation.name.startsWith("documented.")
        ? "This server has not the routes of the client's documentation: use those of `sessions`."
        : "Check the base URL: it has to be the sessions server, not the channels server.",
    );
  if (status >= 500 || status === 408) return { code: "PROVIDER_UNAVAILABLE", outcome: "unknown" };
  return rejected(codesOfStatus[status] ?? "PROVIDER_REJECTED");
}
