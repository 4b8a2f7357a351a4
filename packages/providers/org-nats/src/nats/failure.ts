import { ColloquyError, type ErrorCode, isColloquyError } from "@colloquy/core/contract";

const codes: Readonly<Record<string, ErrorCode>> = {
  AuthorizationError: "CREDENTIAL_REJECTED",
  UserAuthenticationExpiredError: "CREDENTIAL_REJECTED",
  PermissionViolationError: "PERMISSION_DENIED",
  InvalidSubjectError: "INPUT_INVALID",
  TimeoutError: "WAIT_TIMEOUT",
};

const advice: Partial<Record<ErrorCode, string>> = {
  CREDENTIAL_REJECTED: "Check the user and password, or the token, in ORG_NATS_URL.",
  PERMISSION_DENIED: "Allow this user to subscribe to *__human_intervention_results subjects: `hitl.*` by default.",
  NETWORK_UNREACHABLE: "Check ORG_NATS_URL, and that the NATS server runs.",
};

const words: Partial<Record<ErrorCode, string>> = {
  CREDENTIAL_REJECTED: "NATS refused the login",
  PERMISSION_DENIED: "NATS does not let this user do that",
  INPUT_INVALID: "The subject is none",
  WAIT_TIMEOUT: "NATS gave no answer in time",
  NETWORK_UNREACHABLE: "NATS cannot be reached",
};

/** Errors of the client in our words. Their texts may hold addresses, so they are only the cause. */
export function natsFailure(error: unknown, doing: string): ColloquyError {
  if (isColloquyError(error)) return error;
  const code = codeOf(error);
  const userAction = advice[code];
  return new ColloquyError({
    code,
    message: `${words[code] ?? "NATS failed"}: ${doing}.`,
    providerId: "org-nats",
    operation: "nats",
    ...(userAction === undefined ? {} : { userAction }),
    cause: error,
  });
}

/** The name of the first known error in the chain of causes, as the client wraps them. */
function codeOf(error: unknown, depth = 0): ErrorCode {
  if (!(error instanceof Error) || depth > 4) return "NETWORK_UNREACHABLE";
  return codes[error.name] ?? codeOf(error.cause, depth + 1);
}
