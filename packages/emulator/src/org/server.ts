import type { IncomingMessage, ServerResponse } from "node:http";
import { methodNotAllowedPage, notFoundPage, type Reply } from "../http/reply.js";
import { type Service, type ServiceRequest, serve } from "../http/service.js";
import { findOrgRoute, type OrgServerName } from "./routes.js";
import type { OrgState } from "./state.js";

const limitBytes = 16 * 1024 * 1024;
const place = /^\/org\/(sessions-server|channels-server|human)(\/.*)?$/;

export type RawHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** Serves both servers and the human's endpoint, each below its own path. */
export function createOrgServer(state: OrgState): RawHandler {
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
    const [, server, path = "/"] = place.exec(target.pathname) ?? [];
    const handle = (request: ServiceRequest): Reply | Promise<Reply> =>
      server === undefined ? notFoundPage() : handleAt(state, server as OrgServerName, path, request);
    const shown = target.pathname.replace(/^\/org/, "");
    await serve(service, incoming, outgoing, { path: shown, query: target.searchParams }, handle);
  };
}

function handleAt(
  state: OrgState,
  server: OrgServerName,
  path: string,
  request: ServiceRequest,
): Reply | Promise<Reply> {
  const found = findOrgRoute(server, state.weather.dials.dialect, request.method, path);
  if ("route" in found) return found.route.handle(state, request, found.id);
  return found.allowed.length === 0 ? notFoundPage() : methodNotAllowedPage(found.allowed);
}
