import { type AskFacet, type ConnectFacet, type Procedure, type Provider } from "@colloquy/core/contract";
import { connectFacet, type OrgLine } from "./connection.js";
import { askFacet } from "./facets/ask.js";
import { readFailure } from "./failures.js";
import { interpret } from "./interpret.js";
import {
  attachSession,
  closeSession,
  createSession,
  lookAt,
  type OrgSessionInput,
  problemsOfSession,
} from "./lifecycle.js";
import { manifest } from "./manifest.js";
import { NatsLine } from "./nats/line.js";
import { findRoutes, type RouteFamily } from "./operations/service.js";
import { type OrgOperations, operations } from "./operations.js";
import { baseUrlOf, defaultPollMs, type OrgNatsOptions, problemsOfOptions } from "./options.js";
import { readRateLimits } from "./rate-limits.js";

export type OrgNatsProvider = Provider<"org-nats", OrgOperations, OrgSessionInput> & {
  readonly facets: { readonly ask: AskFacet; readonly connect?: ConnectFacet<OrgLine> };
};

/**
 * An organisation's human-in-the-loop sessions: each one is a question to a human, put over REST, its answer told over NATS. Wrong
 * options are reported by `validateConfig`, which `createColloquy` calls.
 */
export function orgNats(options: OrgNatsOptions = {}): OrgNatsProvider {
  const { personalAccessToken, limits, pollMs = defaultPollMs, nats = {} } = options;
  const { newSessionId = () => globalThis.crypto.randomUUID() } = options;
  const routes = routesOf(options);
  return {
    id: "org-nats",
    manifest,
    baseUrl: baseUrlOf(options),
    credentials: personalAccessToken === undefined ? {} : { personal_access_token: personalAccessToken },
    ...(limits === undefined ? {} : { limits }),
    operations,
    validateConfig: () => problemsOfOptions(options),
    validateSession: problemsOfSession,
    create: (input) => createSession(input, { newSessionId, routes }),
    attach: attachSession,
    open: (context) => lookAt(context, "reply"),
    probe: (context) => lookAt(context, "probe"),
    close: closeSession,
    interpret,
    readFailure,
    readRateLimits,
    facets: { ask: askFacet(pollMs), ...(nats === false ? {} : { connect: listening(nats) }) },
  };
}

function listening({ jetStream = false, ...access }: Exclude<OrgNatsOptions["nats"], false | undefined>) {
  const stream = jetStream === true ? {} : jetStream || undefined;
  return connectFacet(new NatsLine(access, "colloquy-org-nats"), stream);
}

/** Told by the options, or asked for once: a server does not change its kind. */
function routesOf({ dialect }: OrgNatsOptions): () => Procedure<RouteFamily> {
  let known: RouteFamily | undefined;
  if (dialect !== undefined) known = dialect === "as-documented" ? "documented" : "real";
  return function* () {
    known ??= yield* findRoutes();
    return known;
  };
}
