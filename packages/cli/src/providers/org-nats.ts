import type { BoundOperations, Session } from "@colloquy/core";
import { ColloquyError, isColloquyError } from "@colloquy/core/contract";
import {
  type OrgDialect,
  type OrgNatsProvider,
  type OrgOperations,
  type OrgSessionInput,
  orgNats,
} from "@colloquy/org-nats";
import { usageError } from "../usage-error.js";
import { addressFinding, optionalTokenFinding } from "./environment-findings.js";
import type { ProviderAdapter } from "./provider-adapter.js";

const variables = {
  baseUrl: "ORG_SESSIONS_URL",
  token: "ORG_SESSIONS_TOKEN",
  nats: "ORG_NATS_URL",
  dialect: "ORG_SESSIONS_DIALECT",
} as const;

const dialects: readonly string[] = ["as-documented", "repaired", "as-shipped"] satisfies OrgDialect[];

const typed = (session: Session): Session<OrgNatsProvider> => session as Session<OrgNatsProvider>;

function configure(environment: Readonly<Record<string, string | undefined>>): OrgNatsProvider {
  const baseUrl = environment[variables.baseUrl];
  const personalAccessToken = environment[variables.token];
  const servers = environment[variables.nats];
  const dialect = environment[variables.dialect];
  if (dialect && !dialects.includes(dialect))
    throw usageError(`${variables.dialect} is "${dialect}".`, `Set it to one of ${dialects.join(", ")}, or unset it.`);
  return orgNats({
    ...(baseUrl ? { baseUrl } : {}),
    ...(personalAccessToken ? { personalAccessToken } : {}),
    ...(dialect ? { dialect: dialect as OrgDialect } : {}),
    // Without an address of NATS a command would wait for a server that nobody meant; looking in intervals does it too.
    nats: servers ? { servers } : false,
  });
}

function sessionInput(options: Readonly<Record<string, unknown>>): OrgSessionInput {
  const { name, template, subject, channel } = options;
  return {
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof subject === "string" ? { subjectId: subject } : {}),
    ...(typeof channel === "string" ? { receptionChannelId: channel } : {}),
    ...(typeof template === "string" ? { messageDataTemplate: templateOf(template) } : {}),
  };
}

function templateOf(text: string): NonNullable<OrgSessionInput["messageDataTemplate"]> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as NonNullable<OrgSessionInput["messageDataTemplate"]>;
  } catch {
    // Told below.
  }
  throw usageError("--template is no JSON object.", 'Write it like {"policy_input_schema": {"decision": {…}}}.');
}

export const orgNatsAdapter: ProviderAdapter = {
  id: "org-nats",
  environmentVariables: {
    [variables.baseUrl]: "the organisation's sessions server (default http://localhost:8000)",
    [variables.token]: "token for a gateway that asks for one",
    [variables.nats]: "NATS, with login; several with commas. Without it answers are looked for in intervals",
    [variables.dialect]: "which server it is (as-documented, repaired, as-shipped), instead of finding out",
  },
  isWanted: (environment) => Boolean(environment[variables.baseUrl] || environment[variables.nats]),
  configure,
  checkEnvironment: (environment) => [
    addressFinding(environment, variables.baseUrl, "http://localhost:8000 is used"),
    addressFinding(environment, variables.nats, "answers are looked for in intervals"),
    optionalTokenFinding(environment, variables.token),
  ],
  questions: () => [],
  sessionInput,
  async askState(session, signal) {
    const { status } = (await typed(session).provider.sessions.get({}, { signal })).value;
    return { word: status, isConnected: status === "pending" };
  },
  pairingPage: () => undefined,
  reveal: () => Promise.resolve({}),
  remote(calls) {
    const api = calls as BoundOperations<OrgOperations>;
    return {
      // No call asks only for the credential; a session that nobody has is not found where it is good.
      async checkCredential(signal) {
        try {
          await api.sessions.get({ sessionId: "colloquy-doctor" }, { signal, timeoutMs: 15_000 });
        } catch (error) {
          if (!isColloquyError(error) || error.code !== "REMOTE_NOT_FOUND") throw error;
        }
      },
      // The same request makes a session at the other kind of server.
      list: () =>
        Promise.reject(
          new ColloquyError({
            code: "UNSUPPORTED",
            message: "Not every sessions server lists its sessions.",
            userAction: "List those of this store with `colloquy sessions list`.",
          }),
        ),
    };
  },
};
