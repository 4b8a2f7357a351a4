import type { ConnectFacet, Facets, Provider } from "@colloquy/core/contract";
import { interpret } from "../interpret.js";
import type { Session } from "../sessions/session.js";
import { authorize } from "./authorize.js";
import { connectFacet } from "./connection.js";
import { readFailure } from "./failures.js";
import {
  attachSession,
  closeSession,
  createSession,
  leaveToConnection,
  problemsOfSession,
  type SsmSessionInput,
} from "./lifecycle.js";
import { manifestFor } from "./manifest.js";
import { operations, type SsmOperations } from "./operations.js";
import { baseUrlOf, credentialSource, problemsOfOptions, type SsmOptions } from "./options.js";

export interface SsmFacets extends Facets {
  readonly connect: ConnectFacet<Session>;
}

export interface SsmProvider extends Provider<"ssm", SsmOperations, SsmSessionInput> {
  readonly facets: SsmFacets;
}

/** Session Manager sessions. Wrong options are reported by `validateConfig`, which `createColloquy` calls. */
export function ssm(options: SsmOptions): SsmProvider {
  const credential = credentialSource(options);
  return {
    id: "ssm",
    manifest: manifestFor(options.timings),
    baseUrl: baseUrlOf(options),
    credentials: credential === undefined ? {} : { personal_access_token: credential },
    operations,
    validateConfig: () => problemsOfOptions(options),
    validateSession: problemsOfSession,
    create: createSession,
    attach: attachSession,
    open: () => leaveToConnection("reply"),
    probe: () => leaveToConnection("probe"),
    close: closeSession,
    interpret,
    authorize: (request, text) => authorize(options.region, request, text),
    readFailure,
    readRateLimits: () => [],
    facets: { connect: connectFacet(options) },
  };
}
