import type { ErrorCode, Failure, WireResponse } from "@colloquy/core/contract";
import { codeOfStatus, codeOfType, typeOf } from "../aws/failures.js";

const rejecting: ReadonlySet<ErrorCode> = new Set(["PROVIDER_UNAVAILABLE"]);

/** Pure: an error's `__type`, or its status, in our words. */
export function readFailure({ status, body }: WireResponse): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  const providerCode = typeOf(body);
  const code = codeOfType(providerCode) ?? codeOfStatus(status);
  const { message } = (typeof body === "object" && body !== null ? body : {}) as { readonly message?: unknown };
  return {
    code,
    ...(rejecting.has(code) ? {} : { outcome: "rejected" as const }),
    ...(providerCode === undefined ? {} : { providerCode }),
    ...(typeof message === "string" ? { providerMessage: message } : {}),
  };
}
