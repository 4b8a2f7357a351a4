import { Hono } from "hono";
import type { Account } from "./account.js";
import type { Answer } from "./answer.js";
import { admit, type Caller } from "./entrance.js";
import { notFoundAnswer, Refusal } from "./failures.js";
import { spendLimits } from "./limits.js";
import type { Call, Route } from "./route.js";
import { routes } from "./routes/table.js";

/** A request below the base URL, with its body read. */
export interface ApiRequest {
  method: string;
  /** As it came, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  body: unknown;
  bytes: Uint8Array;
  contentType: string;
  caller: Caller;
}

/** Finds the route of a request and lets it answer. Nothing here knows of sockets or faults. */
export function createApi(account: Account): (request: ApiRequest) => Promise<Answer> {
  // Hono only matches paths here: a route reports itself and its parameters, and is handled below.
  const router = new Hono<{ Bindings: { found: (route: Route, params: Record<string, string>) => void } }>();
  for (const route of routes) {
    router.on(route.method, route.path, (context) => {
      context.env.found(route, context.req.param());
      return context.body(null, 204);
    });
  }
  return async ({ method, path, caller, ...rest }) => {
    const matched: { route: Route; params: Record<string, string> }[] = [];
    await router.request(path, { method }, { found: (route, params) => matched.push({ route, params }) });
    const [match] = matched;
    if (match === undefined) return notFoundAnswer(path);
    return handle(account, match.route, { account, params: match.params, ...rest }, caller);
  };
}

function handle(account: Account, route: Route, call: Call, caller: Caller): Answer {
  try {
    const session = admit(account, route, caller);
    if (route.token !== "session") return route.handle(call);
    if (session === undefined) throw new Error("A session route was entered without a session.");
    const headers = route.bucket === undefined ? {} : spendLimits(account, session, route.bucket);
    const answer = route.handle({ ...call, session });
    return { ...answer, headers: { ...answer.headers, ...headers } };
  } catch (refused) {
    if (refused instanceof Refusal) return refused.answer;
    throw refused;
  }
}
