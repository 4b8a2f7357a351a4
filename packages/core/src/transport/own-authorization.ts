import type { Clock } from "../clock.js";
import type { AnyOperation, AnyProvider } from "../contract/index.js";
import type { Departure } from "./axios-exchange.js";

/** A provider's own way of carrying the credential. What it puts on the request is as secret as that, and joins `secrets`. */
export function ownAuthorization(
  provider: AnyProvider,
  operation: AnyOperation,
  token: string | undefined,
  clock: Clock,
  secrets: Set<string>,
): Pick<Departure, "authorize"> {
  if (token === undefined || !provider.authorize) return {};
  return {
    authorize: (request) => {
      const headers = provider.authorize?.({ ...request, nowMs: clock.now() }, token, operation) ?? {};
      for (const value of Object.values(headers)) secrets.add(value);
      return headers;
    },
  };
}
