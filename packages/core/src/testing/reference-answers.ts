import type {
  AnyOperation,
  ErrorCode,
  Failure,
  InterpretContext,
  LimitRule,
  Observation,
  RateLimitReading,
  RemoteSignal,
  WireResponse,
} from "../contract/index.js";

type Fields = Readonly<Record<string, unknown>>;

const codes: Readonly<Record<string, ErrorCode>> = {
  invalid: "INPUT_INVALID",
  not_found: "REMOTE_NOT_FOUND",
  not_online: "SESSION_NOT_CONNECTED",
  too_many_requests: "RATE_LIMITED",
  unauthorized: "CREDENTIAL_REJECTED",
  unavailable: "PROVIDER_UNAVAILABLE",
};

/** What a status word means. Pure and total: a word that is not known is told as such. */
export function interpretReference(signal: RemoteSignal, context: InterpretContext): readonly Observation[] {
  const word = signal.word.toLowerCase();
  switch (word) {
    case "opening":
      return context.state === "connected" ? [dropped("transient", "opening")] : [];
    case "scan":
    case "passkey":
      if (context.closingGoal === "unlink") return [{ type: "logoutAck" }];
      return signal.challenge ? [{ type: "challengeIssued", challenge: signal.challenge }] : [];
    case "online":
      return [{ type: "opened", ...(signal.identity ? { identity: signal.identity } : {}) }];
    case "offline":
      return [dropped("transient", "offline")];
    case "paused":
      return context.state === "suspended" ? [] : [{ type: "paused", reason: "paused_by_provider" }];
    case "replaced":
      return [dropped("yield", "replaced")];
    case "unlinked":
      return context.closingGoal === "unlink" ? [{ type: "logoutAck" }] : [{ type: "unlinked", reason: "logged_out" }];
    case "gone":
      return [{ type: "remoteClosed" }];
    default:
      return [{ type: "unknownStatus", word: signal.word }];
  }
}

function dropped(causeClass: "transient" | "yield", reason: string): Observation {
  return { type: "dropped", cause: { class: causeClass, reason } };
}

/** `{"error": {"code", "message", "fields"}}` with a status that fits; anything else is told by its status alone. */
export function readReferenceFailure(response: WireResponse): Failure | undefined {
  const error = fieldsOf(fieldsOf(response.body)["error"]);
  const providerCode = textOf(error["code"]);
  if (response.status < 300 && providerCode === undefined) return undefined;
  const code =
    (providerCode && Object.hasOwn(codes, providerCode) ? codes[providerCode] : undefined) ?? codeOf(response);
  const providerMessage = textOf(error["message"]);
  const fieldErrors = fieldErrorsOf(error["fields"]);
  const waitMs = secondsOf(fieldsOf(response.body)["retry_after"]);
  return {
    code,
    ...(code === "PROVIDER_UNAVAILABLE" ? {} : { outcome: "rejected" as const }),
    ...(providerCode === undefined ? {} : { providerCode }),
    ...(providerMessage === undefined ? {} : { providerMessage }),
    ...(fieldErrors === undefined ? {} : { fieldErrors }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  };
}

function codeOf({ status }: WireResponse): ErrorCode {
  if (status === 401) return "CREDENTIAL_REJECTED";
  if (status === 404) return "REMOTE_NOT_FOUND";
  if (status === 429) return "RATE_LIMITED";
  return status >= 500 ? "PROVIDER_UNAVAILABLE" : "PROVIDER_REJECTED";
}

/** `ratelimit-*` headers name the bucket that the answer counts in; a 429 asks to wait in its body. */
export function readReferenceLimits(
  response: WireResponse,
  operation: AnyOperation,
  rules: readonly LimitRule[],
): readonly RateLimitReading[] {
  const bucket = response.headers["ratelimit-bucket"] ?? operation.buckets[0];
  const rule = rules.find((candidate) => candidate.bucket === bucket);
  if (!rule) return [];
  const limit = countOf(response.headers["ratelimit-limit"]);
  const remaining = countOf(response.headers["ratelimit-remaining"]);
  const resetMs = countOf(response.headers["ratelimit-reset-after-ms"]);
  const retryAfterMs = response.status === 429 ? secondsOf(fieldsOf(response.body)["retry_after"]) : undefined;
  if (limit === undefined && remaining === undefined && retryAfterMs === undefined) return [];
  return [
    {
      bucket: rule.bucket,
      scope: rule.scope,
      observedAtMs: response.receivedAtMs,
      ...(limit === undefined ? {} : { limit }),
      ...(remaining === undefined ? {} : { remaining }),
      ...(resetMs === undefined ? {} : { resetAtMs: response.receivedAtMs + resetMs }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  ];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function fieldErrorsOf(value: unknown): Readonly<Record<string, readonly string[]>> | undefined {
  const entries = Object.entries(fieldsOf(value)).flatMap(([field, problems]) =>
    Array.isArray(problems) ? [[field, problems.filter((problem) => typeof problem === "string")] as const] : [],
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

// A wait of more than a day is more likely nonsense than a promise. ASSUMED.
const longestWaitMs = 86_400_000;

function secondsOf(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value * 1_000 <= longestWaitMs
    ? Math.ceil(value * 1_000)
    : undefined;
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
