import type { IncomingMessage, ServerResponse } from "node:http";
import type { Reply } from "../http/reply.js";
import { type Service, type ServiceRequest, serve } from "../http/service.js";
import { failure, throttledReply } from "./envelope.js";
import { takeTurn } from "./limits.js";
import { findRoute } from "./routes.js";
import type { AtlusState } from "./state.js";

/** Longer bodies meet the same as any other trouble: not 413 but an internal error. */
const limitBytes = 16 * 1024 * 1024;

export type RawHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** Serves `/atlus/…` as the service would serve `/…`. */
export function createAtlusServer(state: AtlusState): RawHandler {
  const service: Service = {
    clock: state.clock,
    timers: state.timers,
    random: () => state.random,
    dials: () => state.weather.dials,
    requests: state.requests,
    limitBytes,
  };
  return async (incoming, outgoing) => {
    const target = new URL(incoming.url ?? "/", "http://127.0.0.1");
    const path = target.pathname.replace(/^\/atlus/, "") || "/";
    await serve(service, incoming, outgoing, { path, query: target.searchParams }, (request) => handle(state, request));
  };
}

async function handle(state: AtlusState, request: ServiceRequest): Promise<Reply> {
  const reply = await answer(state, request);
  const seconds = ((state.clock.now() - request.receivedAtMs) / 1_000).toFixed(3);
  return { ...reply, headers: { ...reply.headers, ...securityHeaders(request, seconds) } };
}

async function answer(state: AtlusState, request: ServiceRequest): Promise<Reply> {
  if (request.method === "OPTIONS") return { status: 200, headers: preflightHeaders(request), body: undefined };
  const denied = denial(state, request);
  if (denied) return denied;
  const found = findRoute(request.method, request.path);
  if (!("route" in found)) return unknownRoute(state, found.allowed);
  const requestId = request.headers["x-request-id"] || `req_${Math.floor(state.clock.now())}`;
  const { route, id } = found;
  if (route.limit !== undefined && !takeTurn(state, route.limit)) return throttledReply(state, requestId);
  try {
    return await route.handle(state, request, requestId, id);
  } catch (refused) {
    if (refused instanceof Error && "reply" in refused) return refused.reply as Reply;
    throw refused;
  }
}

function unknownRoute(state: AtlusState, allowed: readonly string[]): Reply {
  return allowed.length === 0
    ? failure(state, "NOT_FOUND", "The requested resource was not found")
    : failure(state, "METHOD_NOT_ALLOWED", "The method is not allowed for this endpoint");
}

/** What a gateway before the service says to a wrong token. ASSUMED: the service itself asks for none. */
function denial({ accessTokens, weather }: AtlusState, { headers }: ServiceRequest): Reply | undefined {
  if (accessTokens.length === 0) return undefined;
  const [, token] = /^Bearer\s+(\S+)$/i.exec(headers["authorization"] ?? "") ?? [];
  if (token !== undefined && accessTokens.includes(token) && !weather.dials.tokenRevoked) return undefined;
  const body = JSON.stringify({ message: "Unauthorized" });
  return { status: 401, headers: { "Content-Type": "application/json", "WWW-Authenticate": "Bearer" }, body };
}

function securityHeaders({ path }: ServiceRequest, seconds: string): Record<string, string> {
  return {
    "X-Response-Time": `${seconds}s`,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    ...(path.startsWith("/api/") ? { "Access-Control-Allow-Origin": "*" } : {}),
  };
}

/** Browsers may not delete: a preflight for it names no methods. */
function preflightHeaders({ headers }: ServiceRequest): Record<string, string> {
  const wanted = headers["access-control-request-method"] ?? "";
  return ["GET", "POST", "OPTIONS"].includes(wanted)
    ? { "Access-Control-Allow-Methods": "GET, OPTIONS, POST", "Access-Control-Allow-Headers": "*" }
    : {};
}
