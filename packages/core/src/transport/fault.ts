/**
 * Why an attempt brought no answer.
 *
 * - `unreachable`: no connection was made, so nothing was sent. May pass.
 * - `untrusted`: the TLS handshake failed, so nothing was sent. Will not pass by itself.
 * - `unsendable`: refused here, before a connection: the body is too large, the address is none.
 * - `lost`: the connection ended without a whole answer. It may have happened.
 * - `timeout`: no whole answer in time. It may have happened.
 * - `cancelled`: the caller's signal.
 * - `too_large`: an answer came, larger than the limit.
 */
export type Fault = "unreachable" | "untrusted" | "unsendable" | "lost" | "timeout" | "cancelled" | "too_large";

const neverConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EAI_NODATA",
  "EAI_NONAME",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
]);

/** Node gives OpenSSL's own words for a certificate that it does not accept; all of them end the handshake. */
const untrusted =
  /^(CERT_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|HOSTNAME_MISMATCH$|INVALID_CA$|PATH_LENGTH_EXCEEDED$|ERR_SSL_WRONG_VERSION_NUMBER$|ERR_SSL_UNSUPPORTED_PROTOCOL$)/;

interface NodeFault {
  readonly code?: string;
  readonly message?: string;
  readonly syscall?: string;
  readonly cause?: NodeFault;
  readonly errors?: readonly NodeFault[];
}

/** What an axios or Node error means for the fate of the request. In doubt it is `lost`: never a repeat too many. */
export function classifyFault(error: unknown): Fault {
  const fault = (typeof error === "object" && error !== null ? error : {}) as NodeFault;
  const code = fault.code ?? fault.cause?.code ?? "";
  if (fault.message?.startsWith("maxContentLength")) return "too_large";
  if (neverConnected.has(code)) return "unreachable";
  if (untrusted.test(code)) return "untrusted";
  if (code === "ETIMEDOUT" && wasConnecting(fault)) return "unreachable";
  if (code === "ERR_BAD_REQUEST" || code === "ERR_INVALID_URL" || code === "ERR_BAD_OPTION_VALUE") return "unsendable";
  return "lost";
}

/** A time-out of the connection itself; several addresses tried in turn come as one error with `errors`. */
function wasConnecting(fault: NodeFault): boolean {
  const inner = fault.errors ?? fault.cause?.errors;
  if (inner && inner.length > 0) return inner.every((one) => one.syscall === "connect");
  return (fault.syscall ?? fault.cause?.syscall) === "connect";
}

/** True when nothing can have happened at the provider. */
export function isCertainlyUnsent(fault: Fault): boolean {
  return fault === "unreachable" || fault === "untrusted" || fault === "unsendable";
}
