import type { IncomingMessage, ServerResponse } from "node:http";
import { parseJson, readBody } from "../body.js";
import type { Fault } from "../http/common-dials.js";
import { drawFault, takesEffect } from "../http/fault.js";
import type { Account } from "./account.js";
import { type Answer, answer } from "./answer.js";
import { type ApiRequest, createApi } from "./api.js";
import { type Caller, callerOf } from "./entrance.js";
import { failureAnswer } from "./failures.js";
import { type Delivery, spoil } from "./faults.js";
import { takeDown } from "./media-shelf.js";
import type { RequestView } from "./views.js";

/** Bodies longer than this are refused, as the provider's web server would. */
const jsonLimitBytes = 2 * 1024 * 1024;
/** An upload may be a hundred mebibytes, a third more in base64. */
const uploadLimitBytes = 140 * 1024 * 1024;

/** Longer bodies are logged as their length alone, unless they are JSON. */
const loggedBytes = 64 * 1024;

export type RawHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** Serves `/wasender/…`: the API with its faults, and the public files. */
export function createWasenderServer(account: Account): RawHandler {
  const api = createApi(account);
  return async (incoming, outgoing) => {
    const target = new URL(incoming.url ?? "/", account.root);
    const below = target.pathname.replace(/^\/wasender/, "");
    const media = /^\/(?:media|api\/decrypted-media)\/([^/]+)$/.exec(below)?.[1];
    if (incoming.method === "GET" && media !== undefined) return sendMedia(account, media, outgoing);
    if (!below.startsWith("/api/")) return send(outgoing, answer(404, { message: "Not Found" }));
    const path = below.slice("/api".length);
    await serve(account, api, incoming, outgoing, path, target.searchParams);
  };
}

async function serve(
  account: Account,
  api: (request: ApiRequest) => Promise<Answer>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  path: string,
  query: URLSearchParams,
): Promise<void> {
  const caller = callerOf(account, incoming.headers.authorization);
  const log = logRequest(account, incoming, path, query, caller);
  const { method } = log;
  if (caller.session) caller.session.requestsUnderWay += 1;
  try {
    const bytes = await readBody(incoming, path === "/upload" ? uploadLimitBytes : jsonLimitBytes);
    const body = parseJson(bytes ?? Buffer.alloc(0));
    log.body = body ?? textOf(bytes);
    const fault = drawFault(account.weather.dials, account.random, method, path);
    if (fault !== undefined) log.fault = fault.kind;
    await account.timers.wait(delayOf(account, fault));

    const contentType = incoming.headers["content-type"] ?? "";
    const process = (): Answer | Promise<Answer> =>
      bytes === undefined
        ? failureAnswer("bodyTooLarge")
        : api({ method, path, query, body, bytes, contentType, caller });
    const truth = takesEffect(fault) ? await process() : answer(200, {});
    const delivery = spoil(fault, throttled(account, truth));
    if (delivery.kind === "answer") log.status = delivery.status;
    if (log.status === 429) account.refusals += 1;
    deliver(outgoing, delivery);
  } finally {
    if (caller.session) caller.session.requestsUnderWay -= 1;
  }
}

/** What the log keeps of a body that is not JSON: the text, but not of a whole video. */
function textOf(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined) return "(too large)";
  if (bytes.length === 0) return undefined;
  return bytes.length > loggedBytes ? `(${bytes.length} bytes)` : bytes.toString("utf8");
}

function logRequest(
  account: Account,
  incoming: IncomingMessage,
  path: string,
  query: URLSearchParams,
  caller: Caller,
): RequestView {
  const log: RequestView = {
    method: incoming.method ?? "GET",
    path,
    query: Object.fromEntries(query),
    headers: flatHeaders(incoming),
    body: undefined,
    status: null,
    atMs: account.clock.now(),
    tokenKind: caller.kind,
    ...(caller.session ? { sessionId: caller.session.id } : {}),
  };
  account.requests.push(log);
  return log;
}

function delayOf({ weather, random }: Account, fault: Fault | undefined): number {
  const { latencyMs, latencyJitterMs } = weather.dials;
  return latencyMs + random.next() * latencyJitterMs + (fault?.kind === "delay" ? fault.ms : 0);
}

/** Puts the waiting time of a 429 where the dials say. */
function throttled(account: Account, truth: Answer): Answer {
  if (truth.status !== 429) return truth;
  const { retryAfter } = account.weather.dials;
  const { retry_after: seconds, ...rest } = truth.body as { retry_after: number };
  const inBody = retryAfter === "body" || retryAfter === "both";
  const inHeader = retryAfter === "header" || retryAfter === "both";
  return answer(429, inBody ? truth.body : rest, {
    ...truth.headers,
    ...(inHeader ? { "Retry-After": String(seconds) } : {}),
  });
}

function deliver(outgoing: ServerResponse, delivery: Delivery): void {
  if (delivery.kind === "hang") return;
  if (delivery.kind === "drop") {
    outgoing.socket?.destroy();
    return;
  }
  outgoing.writeHead(delivery.status, delivery.headers);
  outgoing.end(delivery.body);
}

function send(outgoing: ServerResponse, sent: Answer): void {
  deliver(outgoing, spoil(undefined, sent));
}

function sendMedia(account: Account, name: string, outgoing: ServerResponse): void {
  const stored = takeDown(account, name);
  if (stored === undefined) return send(outgoing, answer(404, { message: "Not Found" }));
  outgoing.writeHead(200, { "Content-Type": stored.mimetype, "Content-Length": stored.bytes.length });
  outgoing.end(stored.bytes);
}

function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
}
