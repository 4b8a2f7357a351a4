import type { ConverseFacet, Provider } from "@colloquy/core/contract";
import { sendFacet } from "./facets/send.js";
import { interpret } from "./interpret.js";
import { attachSession, closeSession, createSession, lookAt, problemsOfSession } from "./lifecycle.js";
import { manifest } from "./manifest.js";
import { type NewConversationInput, type OblixOperations, operations } from "./operations.js";
import { type OblixOptions, problemsOfOptions } from "./options.js";
import { fourSteps } from "./routing/four-steps.js";

export type OblixProvider = Provider<"oblix", OblixOperations, NewConversationInput>;

/** Conversations with models, kept in Colloquy's own store. Wrong options are reported by `validateConfig`. */
export function oblix(options: OblixOptions): OblixProvider {
  return {
    id: "oblix",
    manifest,
    // There is no server: core's own service answers. Each model has an address of its own.
    baseUrl: "local://conversations",
    credentials: {},
    operations,
    validateConfig: () => problemsOfOptions(options),
    validateSession: problemsOfSession,
    create: createSession,
    attach: attachSession,
    open: (context) => lookAt(context, "reply"),
    probe: (context) => lookAt(context, "probe"),
    close: closeSession,
    interpret,
    readFailure: () => undefined,
    readRateLimits: () => [],
    facets: { send: sendFacet, converse: converseFacet(options) },
  };
}

function converseFacet({ models, agents = [], routing = fourSteps }: OblixOptions): ConverseFacet {
  return {
    models,
    monitors: agents,
    route: ({ models: known, readings, prompt }) => {
      const verdicts = Object.fromEntries(agents.map((agent) => [agent.name, agent.judge(readings[agent.name])]));
      const { models: chosen, why } = routing({ models: known, verdicts, prompt });
      const checks = Object.fromEntries(Object.entries(verdicts).map(([name, verdict]) => [name, { ...verdict }]));
      return { models: chosen, why, checks };
    },
  };
}
