import type { IncomingMessage, ServerResponse } from "node:http";
import { ConnectionLost, type Reply } from "../http/reply.js";
import { type Service, type ServiceRequest, serve } from "../http/service.js";
import { serveAnthropic } from "./anthropic/routes.js";
import type { ModelApi } from "./conversation.js";
import { serveOllama } from "./ollama/routes.js";
import { serveOpenai } from "./openai/routes.js";
import { isModelApi, type ModelsState } from "./state.js";

/** As much as Anthropic reads; more is refused. */
const limitBytes = 32 * 1024 * 1024;

/** Serves one request of an endpoint; `path` begins below its base, such as `/api/chat`. */
export type ServeApi = (state: ModelsState, request: ServiceRequest, path: string) => Reply | Promise<Reply>;

const served: Readonly<Record<ModelApi, ServeApi>> = {
  ollama: serveOllama,
  openai: serveOpenai,
  anthropic: serveAnthropic,
};

/** Serves `/models/ollama/…`, `/models/openai/…` and `/models/anthropic/…` as the three would serve `/…`. */
export function createModelsServer(
  state: ModelsState,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
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
    const path = target.pathname.replace(/^\/models/, "") || "/";
    await serve(service, incoming, outgoing, { path, query: target.searchParams }, (request) => handle(state, request));
  };
}

function handle(state: ModelsState, request: ServiceRequest): Reply | Promise<Reply> {
  const [, api, rest = ""] = /^\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
  if (!isModelApi(api)) return { status: 404, headers: { "Content-Type": "text/plain" }, body: "No such endpoint.\n" };
  if (state.weather.dials.down.includes(api)) throw new ConnectionLost();
  return served[api](state, request, rest || "/");
}
