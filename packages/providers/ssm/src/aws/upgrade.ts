import { type Clock, systemClock } from "../clock.js";
import { type AwsCredentialSource, resolveCredentials } from "./credentials.js";
import { signRequest } from "./sign.js";

/**
 * Headers that sign the WebSocket's upgrade request, for `webSocket.headers`. A URL that carries a signature already stays
 * without.
 */
export function signedUpgrade(options: {
  readonly region: string;
  readonly credentials: AwsCredentialSource;
  readonly clock?: Clock;
}): (url: string) => Promise<Readonly<Record<string, string>>> {
  const { region, credentials, clock = systemClock } = options;
  return async (text) => {
    const url = new URL(text);
    if ([...url.searchParams.keys()].some((name) => name.startsWith("X-Amz-"))) return {};
    const { host: _host, ...headers } = signRequest(
      { method: "GET", url, headers: {}, body: "" },
      await resolveCredentials(credentials),
      { region, service: "ssmmessages", nowMs: clock.now() },
    );
    return headers;
  };
}
