import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../body.js";
import type { EmulatorClock, Timers } from "../clock.js";
import type { Random } from "../random.js";
import type { CommonDials } from "./common-dials.js";
import { drawFault, spoil, takesEffect } from "./fault.js";
import { answered, ConnectionLost, type Reply } from "./reply.js";

/** One HTTP request below a base URL, as tests and the page see it. */
export interface HttpRequestView {
  method: string;
  /** Below the base URL, without the query. */
  path: string;
  query: Record<string, string>;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Parsed when it is JSON; otherwise the text; undefined when there was none. */
  body: unknown;
  /** What was answered; null while it is under way and when the socket was destroyed or left hanging. */
  status: number | null;
  atMs: number;
  /** The kind of fault that met it, when one did. */
  fault?: string;
}

/** A request with its body read. */
export interface ServiceRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  /** Undefined when it was longer than the service reads. */
  bytes: Buffer | undefined;
  receivedAtMs: number;
  /** Aborted when the client goes away before the answer has ended. */
  signal: AbortSignal;
}

export interface Service {
  readonly clock: EmulatorClock;
  readonly timers: Timers;
  readonly random: () => Random;
  readonly dials: () => CommonDials;
  readonly requests: HttpRequestView[];
  readonly limitBytes: number;
}

/** Serves one request: logged, delayed, handled, and spoilt where the dials say so. */
export async function serve(
  service: Service,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: { readonly path: string; readonly query: URLSearchParams },
  handle: (request: ServiceRequest) => Reply | Promise<Reply>,
): Promise<void> {
  const { path, query } = target;
  const method = incoming.method ?? "GET";
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const log: HttpRequestView = {
    method,
    path,
    query: Object.fromEntries(query),
    headers,
    body: undefined,
    status: null,
    atMs: service.clock.now(),
  };
  service.requests.push(log);
  const bytes = await readBody(incoming, service.limitBytes);
  log.body = shown(bytes);
  const dials = service.dials();
  const fault = drawFault(dials, service.random(), method, path);
  if (fault !== undefined) log.fault = fault.kind;
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const waitMs = dials.latencyMs + service.random().next() * dials.latencyJitterMs;
  await service.timers.wait(waitMs + (fault?.kind === "delay" ? fault.ms : 0));
  const truth = takesEffect(fault)
    ? await orLost(() => handle({ method, path, query, headers, bytes, receivedAtMs: log.atMs, signal: gone.signal }))
    : { status: 200, headers: {}, body: "{}" };
  const sent = truth === "drop" ? truth : spoil(fault, truth);
  if (sent === "hang") return;
  if (sent === "drop") return void outgoing.socket?.destroy();
  log.status = sent.status;
  outgoing.writeHead(sent.status, sent.headers);
  // A fault puts a body of its own in the place of a stream.
  if (sent.parts === undefined || sent.body !== undefined) return void outgoing.end(sent.body);
  await stream(outgoing, sent.parts, gone.signal);
}

async function stream(outgoing: ServerResponse, parts: AsyncIterable<string>, gone: AbortSignal): Promise<void> {
  outgoing.flushHeaders();
  try {
    for await (const part of parts) {
      if (gone.aborted) return;
      if (!outgoing.write(part)) await once(outgoing, "drain", { signal: gone });
    }
    outgoing.end();
  } catch (error) {
    if (gone.aborted) return;
    if (!(error instanceof ConnectionLost)) throw error;
    await written(outgoing);
    outgoing.socket?.destroy();
  }
}

/** Until what was written has left, so that a broken stream has told what it told. */
async function written(outgoing: ServerResponse): Promise<void> {
  await new Promise((resolve) => outgoing.write("", resolve));
}

async function orLost(handle: () => Reply | Promise<Reply>): Promise<Reply | "drop"> {
  try {
    return await answered(handle);
  } catch (error) {
    if (error instanceof ConnectionLost) return "drop";
    throw error;
  }
}

function shown(bytes: Buffer | undefined): unknown {
  if (bytes === undefined) return "(too large)";
  if (bytes.length === 0) return undefined;
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
