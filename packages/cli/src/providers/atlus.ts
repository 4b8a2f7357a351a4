import { type AtlusOperations, type AtlusProvider, type AtlusSessionInput, atlus } from "@colloquy/atlus";
import type { BoundOperations, Session } from "@colloquy/core";
import { ColloquyError } from "@colloquy/core/contract";
import { addressFinding, optionalTokenFinding } from "./environment-findings.js";
import type { ProviderAdapter } from "./provider-adapter.js";

const variables = { baseUrl: "ATLUS_BASE_URL", token: "ATLUS_PERSONAL_ACCESS_TOKEN" } as const;

const typed = (session: Session): Session<AtlusProvider> => session as Session<AtlusProvider>;

function sessionInput({ name, user }: Readonly<Record<string, unknown>>): AtlusSessionInput {
  return {
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof user === "string" ? { userId: user } : {}),
  };
}

export const atlusAdapter: ProviderAdapter = {
  id: "atlus",
  environmentVariables: {
    [variables.baseUrl]: "where ATLUS, or the gateway before it, listens (default http://localhost:5000)",
    [variables.token]: "token for a gateway that asks for one",
  },
  isWanted: (environment) => Boolean(environment[variables.baseUrl] || environment[variables.token]),
  configure({ [variables.baseUrl]: baseUrl, [variables.token]: personalAccessToken }) {
    return atlus({ ...(baseUrl ? { baseUrl } : {}), ...(personalAccessToken ? { personalAccessToken } : {}) });
  },
  checkEnvironment: (environment) => [
    addressFinding(environment, variables.baseUrl, "http://localhost:5000 is used"),
    optionalTokenFinding(environment, variables.token),
  ],
  questions: () => [],
  sessionInput,
  async askState(session, signal) {
    const { isActive } = (await typed(session).provider.sessions.get({}, { signal })).value;
    const isConnected = isActive !== false;
    return { word: isConnected ? "active" : "inactive", isConnected };
  },
  pairingPage: () => undefined,
  reveal: () => Promise.resolve({}),
  remote(calls) {
    const api = calls as BoundOperations<AtlusOperations>;
    return {
      checkCredential: async (signal) => void (await api.service.health({}, { signal, timeoutMs: 15_000 })),
      list: () =>
        Promise.reject(
          new ColloquyError({
            code: "UNSUPPORTED",
            message: "ATLUS tells nobody which sessions it has.",
            userAction: "List those of this store with `colloquy sessions list`.",
          }),
        ),
    };
  },
};
