export type ErrorCategory =
  | "usage"
  | "credentials"
  | "lifecycle"
  | "limits"
  | "network"
  | "provider"
  | "store"
  | "delivery";

export interface CatalogueEntry {
  readonly category: ErrorCategory;
  /** The outcome when the thrower does not know better. */
  readonly outcome: "not_attempted" | "rejected" | "unknown";
  readonly retryable: boolean;
  /** When it is thrown. */
  readonly meaning: string;
  /** What a person can do about it. */
  readonly userAction: string;
}

const entry = (
  category: ErrorCategory,
  outcome: CatalogueEntry["outcome"],
  retryable: boolean,
  meaning: string,
  userAction: string,
): CatalogueEntry => ({ category, outcome, retryable, meaning, userAction });

/** Stable, public. */
export type ErrorCode =
  | "CONFIG_INVALID"
  | "INPUT_INVALID"
  | "MESSAGE_TOO_LONG"
  | "UNSUPPORTED"
  | "PROVIDER_UNKNOWN"
  | "SESSION_NOT_FOUND"
  | "CREDENTIAL_MISSING"
  | "CREDENTIAL_REJECTED"
  | "CREDENTIAL_WRONG_KIND"
  | "PERMISSION_DENIED"
  | "SUBSCRIPTION_REQUIRED"
  | "QUOTA_EXCEEDED"
  | "COMMAND_REFUSED"
  | "STATE_UNREACHABLE"
  | "WAIT_TIMEOUT"
  | "PAIRING_TIMEOUT"
  | "PAIRING_CANCELLED"
  | "IDENTITY_MISMATCH"
  | "SESSION_NOT_CONNECTED"
  | "SHUT_DOWN"
  | "SESSION_TAKEN_OVER"
  | "RATE_LIMITED"
  | "DEADLINE_EXCEEDED"
  | "OUTCOME_UNKNOWN"
  | "DELIVERY_FAILED"
  | "ASK_EXPIRED"
  | "ASK_REJECTED"
  | "ASK_FAILED"
  | "ASK_CANCELLED"
  | "ASK_DELIVERED"
  | "ASK_NOT_FOUND"
  | "NETWORK_UNREACHABLE"
  | "REDIRECT_REFUSED"
  | "RESPONSE_TOO_LARGE"
  | "RESPONSE_MALFORMED"
  | "MEDIA_CORRUPT"
  | "PROVIDER_UNAVAILABLE"
  | "PROVIDER_REJECTED"
  | "REMOTE_NOT_FOUND"
  | "WEBHOOK_REJECTED"
  | "STORE_CONFLICT"
  | "STORE_UNAVAILABLE"
  | "STORE_CORRUPT"
  | "STORE_SCHEMA_NEWER"
  | "SECRET_UNREADABLE";

/** Category, default outcome and advice of every code: the source of `docs/errors.md`. */
export const errorCatalogue: Readonly<Record<ErrorCode, CatalogueEntry>> = {
  CONFIG_INVALID: entry(
    "usage",
    "not_attempted",
    false,
    "An option of a provider, a store or `createColloquy` is wrong.",
    "Correct the option named in the message.",
  ),
  INPUT_INVALID: entry(
    "usage",
    "not_attempted",
    false,
    "An argument is wrong: a phone number, an empty text, too many poll options.",
    "Correct the fields listed in `fieldErrors`.",
  ),
  MESSAGE_TOO_LONG: entry(
    "usage",
    "not_attempted",
    false,
    "The text is longer than the provider takes.",
    "Shorten or split the text.",
  ),
  UNSUPPORTED: entry(
    "usage",
    "not_attempted",
    false,
    "The provider does not declare this capability.",
    "Ask `session.has(…)` first, or use another provider.",
  ),
  PROVIDER_UNKNOWN: entry(
    "usage",
    "not_attempted",
    false,
    "No provider of this id was given to `createColloquy`.",
    "Add the provider to `providers`.",
  ),
  SESSION_NOT_FOUND: entry(
    "usage",
    "not_attempted",
    false,
    "The store holds no session of this id.",
    "List the sessions and check the id.",
  ),
  CREDENTIAL_MISSING: entry(
    "credentials",
    "not_attempted",
    false,
    "A token or key that the call needs was not given.",
    "Set the environment variable or the option named in the message.",
  ),
  CREDENTIAL_REJECTED: entry(
    "credentials",
    "rejected",
    false,
    "The provider refused the token or key.",
    "Create a new token at the provider and set it.",
  ),
  CREDENTIAL_WRONG_KIND: entry(
    "credentials",
    "not_attempted",
    false,
    "A personal access token stands where a session key belongs, or the reverse.",
    "Swap the two: the message says which is which.",
  ),
  PERMISSION_DENIED: entry(
    "credentials",
    "rejected",
    false,
    "The credential is valid but may not do this.",
    "Use an account that owns the session or message.",
  ),
  SUBSCRIPTION_REQUIRED: entry(
    "credentials",
    "rejected",
    false,
    "The account has no plan that allows this.",
    "Start or renew the plan at the provider.",
  ),
  QUOTA_EXCEEDED: entry(
    "limits",
    "rejected",
    false,
    "The account has reached a count limit, such as its number of sessions.",
    "Delete what is not needed or upgrade the plan.",
  ),
  COMMAND_REFUSED: entry(
    "lifecycle",
    "not_attempted",
    false,
    "The command does not apply in the present state.",
    "Read `explain` to see the state, then use a command that applies.",
  ),
  STATE_UNREACHABLE: entry(
    "lifecycle",
    "not_attempted",
    false,
    "The awaited state can no longer be reached.",
    "Read `explain` for why; pair or restart the session.",
  ),
  WAIT_TIMEOUT: entry(
    "lifecycle",
    "not_attempted",
    true,
    "The awaited state was not reached within the time given.",
    "Wait longer, or read `explain` for what holds it up.",
  ),
  PAIRING_TIMEOUT: entry(
    "lifecycle",
    "not_attempted",
    true,
    "Nobody completed the pairing in time.",
    "Start the pairing again and scan the code sooner.",
  ),
  PAIRING_CANCELLED: entry(
    "lifecycle",
    "not_attempted",
    true,
    "The pairing was cancelled.",
    "Start the pairing again when ready.",
  ),
  IDENTITY_MISMATCH: entry(
    "lifecycle",
    "rejected",
    false,
    "Another account than the expected one was linked.",
    "Unlink it, then scan with the phone of the expected number.",
  ),
  SESSION_NOT_CONNECTED: entry(
    "lifecycle",
    "rejected",
    true,
    "The session is not connected, so the provider cannot do this.",
    "Wait for `connected`, or pair the session.",
  ),
  SHUT_DOWN: entry(
    "lifecycle",
    "unknown",
    false,
    "This process lets go of its sessions; a queued send stays stored and leaves after a restore.",
    "Restore the session; sending again with the same message id is safe.",
  ),
  SESSION_TAKEN_OVER: entry(
    "lifecycle",
    "not_attempted",
    false,
    "Another process runs this session now.",
    "Use the session in the process that owns it.",
  ),
  RATE_LIMITED: entry(
    "limits",
    "rejected",
    true,
    "The provider refused because of its rate limit and the time budget ended before the next free moment.",
    "Try again after `retryAfterMs`.",
  ),
  DEADLINE_EXCEEDED: entry(
    "limits",
    "not_attempted",
    true,
    "The deadline passed, or would pass, before the request could leave.",
    "Give more time, or send less at once.",
  ),
  OUTCOME_UNKNOWN: entry(
    "delivery",
    "unknown",
    false,
    "The request may have reached the provider, but no answer came.",
    "Look at the provider before repeating: it may have happened.",
  ),
  DELIVERY_FAILED: entry(
    "delivery",
    "rejected",
    false,
    "The provider took the message, and told later that it did not reach the recipient.",
    "Read `providerMessage`; check that the recipient exists.",
  ),
  ASK_EXPIRED: entry(
    "delivery",
    "rejected",
    false,
    "Nobody answered the question before its deadline, or the provider let it expire.",
    "Ask again with more time, or with a reminder or an escalation.",
  ),
  ASK_REJECTED: entry(
    "delivery",
    "rejected",
    false,
    "Whoever was asked declined to answer, or the provider calls the question rejected.",
    "Read the message for the reason, and ask somebody else if need be.",
  ),
  ASK_FAILED: entry(
    "delivery",
    "rejected",
    false,
    "The question failed at the provider, or its last possible answer does not fit the schema.",
    "Read the message for the reason.",
  ),
  ASK_CANCELLED: entry(
    "delivery",
    "rejected",
    false,
    "The question was cancelled, here or in another process.",
    "Ask again when an answer is wanted.",
  ),
  ASK_DELIVERED: entry(
    "delivery",
    "not_attempted",
    false,
    "The answer was already given to another waiter; each answer is given to exactly one.",
    "Read what was answered with `colloquy.asks.list`; act on it only where it was delivered.",
  ),
  ASK_NOT_FOUND: entry(
    "usage",
    "not_attempted",
    false,
    "The store holds no question of this id.",
    "List the questions and check the id; they go with their session.",
  ),
  NETWORK_UNREACHABLE: entry(
    "network",
    "not_attempted",
    true,
    "No connection to the provider could be made.",
    "Check the network, the base URL and the proxy.",
  ),
  REDIRECT_REFUSED: entry(
    "network",
    "rejected",
    false,
    "The provider answered with a redirect; credentials are not sent on.",
    "Correct the base URL.",
  ),
  RESPONSE_TOO_LARGE: entry(
    "network",
    "unknown",
    false,
    "The answer is larger than the limit.",
    "Raise `maxResponseBytes` if such answers are expected.",
  ),
  RESPONSE_MALFORMED: entry(
    "provider",
    "unknown",
    false,
    "The answer is not what the provider promises: HTML, truncated JSON, missing fields.",
    "Check the base URL and any proxy between; report it if it stays.",
  ),
  MEDIA_CORRUPT: entry(
    "provider",
    "not_attempted",
    false,
    "A received file does not fit its checksum: changed, cut short, or opened with another file's key or kind.",
    "Fetch the file again, and check that key and kind come from the same message.",
  ),
  PROVIDER_UNAVAILABLE: entry(
    "provider",
    "unknown",
    true,
    "The provider or a gateway before it failed (5xx).",
    "Try again later; look at the provider's status page.",
  ),
  PROVIDER_REJECTED: entry(
    "provider",
    "rejected",
    false,
    "The provider refused for a reason of its own.",
    "Read `providerMessage`.",
  ),
  REMOTE_NOT_FOUND: entry(
    "provider",
    "rejected",
    false,
    "The provider knows no such session, message or contact.",
    "Check the id; it may have been deleted at the provider.",
  ),
  WEBHOOK_REJECTED: entry(
    "credentials",
    "not_attempted",
    false,
    "A delivery has a missing or wrong signature, or is not readable.",
    "Check the webhook secret at the provider and here.",
  ),
  STORE_CONFLICT: entry(
    "store",
    "not_attempted",
    true,
    "Somebody else changed the record in between.",
    "Read it again and repeat the change.",
  ),
  STORE_UNAVAILABLE: entry(
    "store",
    "not_attempted",
    true,
    "The store cannot be opened, read or written.",
    "Check the path, the disk and the permissions named in the message.",
  ),
  STORE_CORRUPT: entry(
    "store",
    "not_attempted",
    false,
    "The store holds what cannot be read.",
    "Restore the file from a backup; the damaged one was left as it is.",
  ),
  STORE_SCHEMA_NEWER: entry(
    "store",
    "not_attempted",
    false,
    "The store was written by a newer version.",
    "Upgrade this package.",
  ),
  SECRET_UNREADABLE: entry(
    "store",
    "not_attempted",
    false,
    "A stored secret cannot be decrypted with the key given.",
    "Set `COLLOQUY_SECRET_KEY` to the key that wrote it.",
  ),
};
