import type { Reply } from "../http/reply.js";
import type { ServiceRequest } from "../http/service.js";
import { checkResponse, takeResponse } from "./answers.js";
import type { OrgDialect } from "./dials.js";
import { createSession, failToExpire, patchSession, triggerExpiry } from "./documented.js";
import { channelDefaults, sessionDefaults } from "./documents.js";
import { receiveQuestion } from "./human.js";
import { relayMessage, sendMessage, takeWebhookResponse } from "./messages.js";
import { create, type Kind, query, read, remove, update } from "./records.js";
import type { OrgState } from "./state.js";

export interface OrgRoute {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** Only in the documentation, only in the real server, or in both. */
  readonly only?: "documented" | "real";
  handle(state: OrgState, request: ServiceRequest, id: string): Reply | Promise<Reply>;
}

const session: Kind = { name: "Session message", defaults: sessionDefaults, of: ({ sessions }) => sessions };
const channel: Kind = { name: "Channel", defaults: channelDefaults, of: ({ channels }) => channels };

function recordRoutes(kind: Kind, path: string): OrgRoute[] {
  return [
    { method: "POST", path, handle: (state, request) => create(state, kind, request) },
    { method: "GET", path: `${path}/:id`, handle: (state, _request, id) => read(state, kind, id) },
    { method: "PUT", path: `${path}/:id`, handle: (state, request, id) => update(state, kind, request, id) },
    { method: "DELETE", path: `${path}/:id`, handle: (state, _request, id) => remove(state, kind, id) },
  ];
}

const sessionsServer: readonly OrgRoute[] = [
  ...recordRoutes(session, "/session"),
  { method: "POST", path: "/sessions", only: "documented", handle: createSession },
  { method: "POST", path: "/sessions", only: "real", handle: (state, request) => query(state, session, request) },
  { method: "PATCH", path: "/sessions/:id", only: "documented", handle: patchSession },
  { method: "POST", path: "/sessions/expire", only: "documented", handle: triggerExpiry },
  { method: "POST", path: "/sessions/expire", only: "real", handle: failToExpire },
  { method: "POST", path: "/sessions/:id/send_message", handle: sendMessage },
  { method: "POST", path: "/channels/response", handle: takeResponse },
  { method: "POST", path: "/webhook/validate_response", handle: checkResponse },
];

const channelsServer: readonly OrgRoute[] = [
  ...recordRoutes(channel, "/channel"),
  { method: "POST", path: "/channels", handle: (state, request) => query(state, channel, request) },
  { method: "POST", path: "/channel/message", handle: relayMessage },
  { method: "POST", path: "/webhook-response", handle: takeWebhookResponse },
];

const human: readonly OrgRoute[] = [{ method: "POST", path: "/:id", handle: receiveQuestion }];

export type OrgServerName = "sessions-server" | "channels-server" | "human";

const servers: Readonly<Record<OrgServerName, readonly OrgRoute[]>> = {
  "sessions-server": sessionsServer,
  "channels-server": channelsServer,
  human,
};

/** For people and coverage checks: which server has which route, and in which dialects. */
export const orgRoutes: readonly { server: string; method: string; path: string; dialects: readonly OrgDialect[] }[] =
  Object.entries(servers).flatMap(([server, routes]) =>
    routes.map(({ method, path, only }) => ({ server, method, path, dialects: dialectsOf(only) })),
  );

function dialectsOf(only: OrgRoute["only"]): readonly OrgDialect[] {
  if (only === "documented") return ["as-documented"];
  return only === "real" ? ["repaired", "as-shipped"] : ["as-documented", "repaired", "as-shipped"];
}

/** The route of a request and the id in its path, or the methods that its path has. */
export function findOrgRoute(
  server: OrgServerName,
  dialect: OrgDialect,
  method: string,
  path: string,
): { route: OrgRoute; id: string } | { allowed: readonly string[] } {
  const fitting = servers[server]
    .filter(({ only }) => dialectsOf(only).includes(dialect))
    .flatMap((route) => {
      const match = new RegExp(`^${route.path.replace(":id", "([^/]+)")}$`).exec(path);
      return match ? [{ route, id: decodeURIComponent(match[1] ?? "") }] : [];
    });
  return fitting.find(({ route }) => route.method === method) ?? { allowed: fitting.map(({ route }) => route.method) };
}
