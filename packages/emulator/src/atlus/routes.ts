import type { Reply } from "../http/reply.js";
import type { ServiceRequest } from "../http/service.js";
import { chat } from "./chat.js";
import type { AtlusRoute } from "./dials.js";
import { jsonReply } from "./envelope.js";
import { continueSession, createSession, deleteSession, getSession } from "./sessions.js";
import type { AtlusState } from "./state.js";

interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  /** Which minute it spends, when it has a limit. */
  readonly limit?: AtlusRoute;
  handle(state: AtlusState, request: ServiceRequest, requestId: string, id: string): Reply | Promise<Reply>;
}

const routes: readonly Route[] = [
  { method: "POST", path: "/api/v1/sessions", limit: "create", handle: createSession },
  { method: "GET", path: "/api/v1/sessions/continue", limit: "continue", handle: continueSession },
  {
    method: "GET",
    path: "/api/v1/sessions/:id",
    limit: "get",
    handle: (state, _request, requestId, id) => getSession(state, id, requestId),
  },
  {
    method: "DELETE",
    path: "/api/v1/sessions/:id",
    limit: "delete",
    handle: (state, _request, requestId, id) => deleteSession(state, id, requestId),
  },
  { method: "POST", path: "/api/v1/chat", limit: "chat", handle: chat },
  { method: "GET", path: "/api/v1/health", handle: health },
  { method: "GET", path: "/", handle: info },
  { method: "GET", path: "/api/v1/docs", handle: docs },
];

/** The same for people and coverage checks. */
export const atlusRoutes: readonly { method: string; path: string }[] = routes.map(({ method, path }) => ({
  method,
  path,
}));

/** The route of a request and the id in its path, or the methods that its path has. */
export function findRoute(method: string, path: string): { route: Route; id: string } | { allowed: readonly string[] } {
  const fitting = routes.flatMap((route) => {
    const match = new RegExp(`^${route.path.replace(":id", "([^/]+)")}$`).exec(path);
    return match ? [{ route, id: decodeURIComponent(match[1] ?? "") }] : [];
  });
  const found = fitting.find(({ route }) => route.method === method);
  return found ?? { allowed: fitting.map(({ route }) => route.method) };
}

function health({ clock }: AtlusState): Reply {
  const timestamp = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
  return jsonReply(200, { status: "healthy", service: "atlus-api", timestamp });
}

function info(): Reply {
  return jsonReply(200, { service: "ATLUS API", docs: "/api/v1/docs", health: "/api/v1/health" });
}

function docs(): Reply {
  const endpoints = Object.fromEntries(
    routes.map(({ method, path }) => [`${method} ${path.replace(":id", "{id}")}`, path]),
  );
  return jsonReply(200, { service: "ATLUS API", endpoints });
}
