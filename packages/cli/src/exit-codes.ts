import { type ErrorCode, isColloquyError } from "@colloquy/core/contract";

/** What the shell sees. Stable, public. */
export const exitCodes = {
  done: 0,
  failed: 1,
  timeout: 2,
  cancelled: 3,
  wrongIdentity: 4,
  credentials: 5,
  providerDown: 6,
  usage: 7,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Every error code has its exit code, so that a new one cannot be forgotten. */
export const exitCodeByErrorCode: Readonly<Record<ErrorCode, ExitCode>> = {
  CONFIG_INVALID: exitCodes.usage,
  INPUT_INVALID: exitCodes.usage,
  MESSAGE_TOO_LONG: exitCodes.usage,
  UNSUPPORTED: exitCodes.usage,
  PROVIDER_UNKNOWN: exitCodes.usage,
  SESSION_NOT_FOUND: exitCodes.usage,
  ASK_NOT_FOUND: exitCodes.usage,
  REMOTE_NOT_FOUND: exitCodes.usage,
  COMMAND_REFUSED: exitCodes.usage,
  REDIRECT_REFUSED: exitCodes.usage,
  CREDENTIAL_MISSING: exitCodes.credentials,
  CREDENTIAL_REJECTED: exitCodes.credentials,
  CREDENTIAL_WRONG_KIND: exitCodes.credentials,
  PERMISSION_DENIED: exitCodes.credentials,
  SUBSCRIPTION_REQUIRED: exitCodes.credentials,
  QUOTA_EXCEEDED: exitCodes.credentials,
  WEBHOOK_REJECTED: exitCodes.credentials,
  SECRET_UNREADABLE: exitCodes.credentials,
  WAIT_TIMEOUT: exitCodes.timeout,
  PAIRING_TIMEOUT: exitCodes.timeout,
  RATE_LIMITED: exitCodes.timeout,
  DEADLINE_EXCEEDED: exitCodes.timeout,
  ASK_EXPIRED: exitCodes.timeout,
  PAIRING_CANCELLED: exitCodes.cancelled,
  ASK_CANCELLED: exitCodes.cancelled,
  SHUT_DOWN: exitCodes.cancelled,
  IDENTITY_MISMATCH: exitCodes.wrongIdentity,
  NETWORK_UNREACHABLE: exitCodes.providerDown,
  RESPONSE_TOO_LARGE: exitCodes.providerDown,
  RESPONSE_MALFORMED: exitCodes.providerDown,
  PROVIDER_UNAVAILABLE: exitCodes.providerDown,
  STATE_UNREACHABLE: exitCodes.failed,
  SESSION_NOT_CONNECTED: exitCodes.failed,
  SESSION_TAKEN_OVER: exitCodes.failed,
  OUTCOME_UNKNOWN: exitCodes.failed,
  DELIVERY_FAILED: exitCodes.failed,
  ASK_REJECTED: exitCodes.failed,
  ASK_FAILED: exitCodes.failed,
  ASK_DELIVERED: exitCodes.failed,
  MEDIA_CORRUPT: exitCodes.failed,
  PROVIDER_REJECTED: exitCodes.failed,
  STORE_CONFLICT: exitCodes.failed,
  STORE_UNAVAILABLE: exitCodes.failed,
  STORE_CORRUPT: exitCodes.failed,
  STORE_SCHEMA_NEWER: exitCodes.failed,
};

/** The exit code of whatever was thrown. */
export function exitCodeOf(error: unknown): ExitCode {
  // A newer copy of core may know codes that this table does not.
  if (isColloquyError(error)) return exitCodeByErrorCode[error.code] ?? exitCodes.failed;
  return error instanceof Error && error.name === "AbortError" ? exitCodes.cancelled : exitCodes.failed;
}
