import type { ColloquyError } from "../contract/index.js";

/** Errors after which the same message or question may still leave by itself. */
export function mayComeBack({ code, outcome }: ColloquyError): boolean {
  if (code === "PROVIDER_UNAVAILABLE") return outcome === "not_attempted";
  return code === "SESSION_NOT_CONNECTED" || code === "NETWORK_UNREACHABLE" || code === "RATE_LIMITED";
}
