import type { Cause, CauseClass, ColloquyError, ErrorCode, InstantMs, Observation } from "../contract/index.js";

export interface CausePolicy {
  readonly means: string;
  readonly examples: readonly string[];
  /** When the session is opened again: after a growing delay, at once, or not without a command. */
  readonly reopens: "after_backoff" | "at_once" | "never";
  /** Whether `boundedAttempts` such drops end the session. */
  readonly hasCeiling: boolean;
  /** Where the session goes, in words. */
  readonly leadsTo: string;
}

export const causePolicies: Readonly<Record<CauseClass, CausePolicy>> = {
  transient: {
    means: "Trouble on the way that passes by itself.",
    examples: ["network", "timeout", "unavailable", "rate_limited", "deaf"],
    reopens: "after_backoff",
    hasCeiling: false,
    leadsTo: "reconnecting, for as long as it takes",
  },
  bounded: {
    means: "Trouble that may pass, or may be a wrong setting.",
    examples: ["proxy_error", "malformed_answer", "provider_rejected"],
    reopens: "after_backoff",
    hasCeiling: true,
    leadsTo: "reconnecting; failed(retry_budget) when it repeats",
  },
  progress: {
    means: "The provider wants the connection opened anew as a step of its own. Not a failure and not counted.",
    examples: ["restart_required"],
    reopens: "at_once",
    hasCeiling: false,
    leadsTo: "connecting(restart_required)",
  },
  yield: {
    means: "Somebody or something else has precedence. Trying again would make it worse.",
    examples: ["replaced", "temporary_ban", "quota_exceeded"],
    reopens: "never",
    hasCeiling: false,
    leadsTo: "suspended(by_provider), with an end when it is known",
  },
  fatal: {
    means: "It cannot succeed before a person changes something.",
    examples: ["credential_rejected", "config_invalid", "permanent_ban"],
    reopens: "never",
    hasCeiling: false,
    leadsTo: "failed, with what to do",
  },
};

type Verdict = { readonly class: CauseClass; readonly reason: string } | "notFound";

const drop = (causeClass: CauseClass, reason: string): Verdict => ({ class: causeClass, reason });

// Every code has a verdict, so that a new code cannot be forgotten. Trouble with our own store or key is `yield`: a wrong
// key on one machine must leave the session as it is, not end it.
const verdicts: Readonly<Record<ErrorCode, Verdict>> = {
  CONFIG_INVALID: drop("fatal", "config_invalid"),
  INPUT_INVALID: drop("fatal", "input_invalid"),
  MESSAGE_TOO_LONG: drop("fatal", "input_invalid"),
  UNSUPPORTED: drop("fatal", "unsupported"),
  PROVIDER_UNKNOWN: drop("fatal", "config_invalid"),
  CREDENTIAL_MISSING: drop("fatal", "credential_missing"),
  CREDENTIAL_REJECTED: drop("fatal", "credential_rejected"),
  CREDENTIAL_WRONG_KIND: drop("fatal", "credential_wrong_kind"),
  PERMISSION_DENIED: drop("fatal", "permission_denied"),
  SUBSCRIPTION_REQUIRED: drop("fatal", "subscription_required"),
  REDIRECT_REFUSED: drop("fatal", "config_invalid"),
  QUOTA_EXCEEDED: drop("yield", "quota_exceeded"),
  SESSION_TAKEN_OVER: drop("yield", "taken_over"),
  SHUT_DOWN: drop("transient", "shut_down"),
  IDENTITY_MISMATCH: drop("yield", "identity_mismatch"),
  SECRET_UNREADABLE: drop("yield", "secret_unreadable"),
  STORE_CORRUPT: drop("yield", "store_unreadable"),
  STORE_SCHEMA_NEWER: drop("yield", "store_unreadable"),
  STORE_CONFLICT: drop("transient", "store_conflict"),
  STORE_UNAVAILABLE: drop("transient", "store_unavailable"),
  NETWORK_UNREACHABLE: drop("transient", "network"),
  OUTCOME_UNKNOWN: drop("transient", "network"),
  DEADLINE_EXCEEDED: drop("transient", "timeout"),
  RATE_LIMITED: drop("transient", "rate_limited"),
  PROVIDER_UNAVAILABLE: drop("transient", "unavailable"),
  SESSION_NOT_CONNECTED: drop("transient", "not_connected"),
  RESPONSE_TOO_LARGE: drop("bounded", "malformed_answer"),
  RESPONSE_MALFORMED: drop("bounded", "malformed_answer"),
  PROVIDER_REJECTED: drop("bounded", "provider_rejected"),
  WEBHOOK_REJECTED: drop("bounded", "unexpected"),
  DELIVERY_FAILED: drop("bounded", "unexpected"),
  ASK_EXPIRED: drop("bounded", "unexpected"),
  ASK_REJECTED: drop("bounded", "unexpected"),
  ASK_FAILED: drop("bounded", "unexpected"),
  ASK_CANCELLED: drop("bounded", "unexpected"),
  ASK_DELIVERED: drop("bounded", "unexpected"),
  ASK_NOT_FOUND: drop("bounded", "unexpected"),
  MEDIA_CORRUPT: drop("bounded", "unexpected"),
  SESSION_NOT_FOUND: drop("bounded", "unexpected"),
  COMMAND_REFUSED: drop("bounded", "unexpected"),
  STATE_UNREACHABLE: drop("bounded", "unexpected"),
  WAIT_TIMEOUT: drop("bounded", "unexpected"),
  PAIRING_TIMEOUT: drop("bounded", "unexpected"),
  PAIRING_CANCELLED: drop("bounded", "unexpected"),
  REMOTE_NOT_FOUND: "notFound",
};

/** The reasons that a failed call of ours can give: as a signal of health, they are over with the next call that works. */
export const callFailureReasons: ReadonlySet<string> = new Set(
  Object.values(verdicts).flatMap((verdict) => (verdict === "notFound" ? [] : [verdict.reason])),
);

/**
 * What a failed call for the session itself (open, probe, refresh, close) means to the lifecycle.
 * With `nowMs`, a wait that the provider asked for becomes the cause's `untilMs`. Never throws: a code that this version
 * does not know counts as `bounded`.
 */
export function classifyError(error: ColloquyError, nowMs?: InstantMs): Observation {
  const verdict = Object.hasOwn(verdicts, error.code) ? verdicts[error.code] : drop("bounded", "unexpected");
  if (verdict === "notFound") return { type: "notFound" };
  const untilMs = waitUntil(error, nowMs);
  const tellsWhatToDo = verdict.class !== "transient" && error.userAction !== undefined;
  const cause: Cause = {
    ...verdict,
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(tellsWhatToDo ? { userAction: error.userAction } : {}),
  };
  return { type: "dropped", cause };
}

function waitUntil(error: ColloquyError, nowMs: InstantMs | undefined): InstantMs | undefined {
  const instants: number[] = [];
  if (nowMs !== undefined && error.retryAfterMs !== undefined) instants.push(nowMs + error.retryAfterMs);
  for (const reading of error.rateLimits ?? [])
    if (reading.retryAfterMs !== undefined) instants.push(reading.observedAtMs + reading.retryAfterMs);
  const known = instants.filter(Number.isFinite);
  return known.length === 0 ? undefined : Math.max(...known);
}
