import type { ErrorCode, Outcome } from "@colloquy/core/contract";

interface KnownCode {
  readonly code: ErrorCode;
  readonly outcome?: Outcome;
  readonly userAction?: string;
}

const wrongAddress: KnownCode = {
  code: "RESPONSE_MALFORMED",
  outcome: "rejected",
  userAction: "Check the base URL: the service knows no such route.",
};

const rejected = (code: ErrorCode, userAction?: string): KnownCode => ({
  code,
  outcome: "rejected",
  ...(userAction === undefined ? {} : { userAction }),
});

/** Every code that the service documents or gives, and what it means. */
export const knownCodes: Readonly<Record<string, KnownCode>> = {
  INVALID_CONTENT_TYPE: rejected("INPUT_INVALID"),
  INVALID_JSON: rejected("INPUT_INVALID"),
  VALIDATION_ERROR: rejected("INPUT_INVALID"),
  INVALID_REQUEST: rejected("INPUT_INVALID"),
  MESSAGE_TOO_LONG: rejected("MESSAGE_TOO_LONG"),
  SESSION_NOT_FOUND: rejected("REMOTE_NOT_FOUND"),
  NO_SESSION_FOUND: rejected("REMOTE_NOT_FOUND", "Create a session for this user first."),
  // A restarted service does not know its sessions until one of them is looked up, so this is not the end of the session.
  INVALID_SESSION: rejected("SESSION_NOT_CONNECTED", "Look the session up once; it is gone only when that finds none."),
  NOT_FOUND: wrongAddress,
  METHOD_NOT_ALLOWED: wrongAddress,
  RATE_LIMIT_EXCEEDED: rejected("RATE_LIMITED"),
  // What was asked may have been done before it failed.
  INTERNAL_ERROR: { code: "PROVIDER_UNAVAILABLE", outcome: "unknown" },
};
