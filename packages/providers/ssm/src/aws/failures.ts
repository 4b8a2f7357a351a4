import type { ErrorCode } from "@colloquy/core/contract";

const codes: readonly (readonly [RegExp, ErrorCode])[] = [
  [/DoesNotExist|NotFound|InvalidSession/, "REMOTE_NOT_FOUND"],
  [/AccessDenied|NotAuthorized/, "PERMISSION_DENIED"],
  [
    /UnrecognizedClient|ExpiredToken|InvalidSignature|IncompleteSignature|InvalidClientTokenId|MissingAuthentication/,
    "CREDENTIAL_REJECTED",
  ],
  [/Throttling|TooManyRequests/, "RATE_LIMITED"],
  [/TargetNotConnected/, "SESSION_NOT_CONNECTED"],
];

/** The error's type as the service spells it, without its name space. */
export function typeOf(body: unknown): string | undefined {
  const type = typeof body === "object" && body !== null ? (body as { readonly __type?: unknown }).__type : undefined;
  return typeof type === "string" ? type.slice(type.lastIndexOf("#") + 1) : undefined;
}

export function codeOfType(type: string | undefined): ErrorCode | undefined {
  return type === undefined ? undefined : codes.find(([pattern]) => pattern.test(type))?.[1];
}

export function codeOfStatus(status: number): ErrorCode {
  if (status === 401 || status === 403) return "CREDENTIAL_REJECTED";
  if (status === 429) return "RATE_LIMITED";
  return status >= 500 ? "PROVIDER_UNAVAILABLE" : "PROVIDER_REJECTED";
}
