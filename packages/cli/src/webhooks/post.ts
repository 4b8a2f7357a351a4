import { ColloquyError, type RawDelivery } from "@colloquy/core";
import { usageError } from "../usage-error.js";
import type { Outcome } from "./replay.js";

const timeoutMs = 15_000;

/** Belong to the connection that brought the delivery, not to the delivery. */
const ofTheConnection = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const loopbackHosts = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Deliveries carry the session's secret, so they leave this machine encrypted or not at all. */
export function targetUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && loopbackHosts.has(url.hostname));
  if (url && isSafe) return url;
  throw usageError("--to is no URL that deliveries may go to.", "Give an https URL, or an http one of this machine.");
}

/** Posts the recorded bytes. Any 2xx counts as taken. Throws `NETWORK_UNREACHABLE` when nobody answers. */
export async function postTo(url: URL, { headers, body }: RawDelivery, signal: AbortSignal): Promise<Outcome> {
  const kept = Object.entries(headers).filter(([name]) => !ofTheConnection.has(name));
  try {
    const answer = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: Object.fromEntries(kept),
      body: Buffer.from(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await answer.body?.cancel();
    const detail = `HTTP ${answer.status}`;
    return answer.ok ? { state: "taken", detail } : { state: "refused", detail };
  } catch (error) {
    signal.throwIfAborted();
    throw new ColloquyError({
      code: "NETWORK_UNREACHABLE",
      message: `${url.origin} does not answer.`,
      userAction: "Check the URL given to --to, and that something listens there.",
      cause: error,
    });
  }
}
