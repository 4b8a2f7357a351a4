import type { BoundOperations, Session } from "@colloquy/core";
import {
  type WasenderOperations,
  type WasenderProvider,
  type WasenderSessionInput,
  wasender,
} from "@colloquy/wasender";
import { usageError } from "../usage-error.js";
import type { ProviderAdapter } from "./provider-adapter.js";
import { checkEnvironment, positiveNumber, variables } from "./wasender-environment.js";

type Environment = Readonly<Record<string, string | undefined>>;

const typed = (session: Session): Session<WasenderProvider> => session as Session<WasenderProvider>;

function configure(environment: Environment): WasenderProvider {
  const token = environment[variables.token];
  const baseUrl = environment[variables.baseUrl];
  const plan = environment[variables.plan];
  if (plan !== undefined && plan !== "paid" && plan !== "trial")
    throw usageError(`${variables.plan} is "${plan}".`, "Set it to paid or trial, or unset it.");
  const sendPerMinute = positiveNumber(environment, variables.sendPerMinute);
  const accountProtectionWindowMs = positiveNumber(environment, variables.accountProtectionWindowMs);
  return wasender({
    ...(token ? { personalAccessToken: token } : {}),
    ...(baseUrl ? { baseUrl } : {}),
    ...(plan ? { plan } : {}),
    limits: {
      ...(sendPerMinute === undefined ? {} : { sendPerMinute }),
      ...(accountProtectionWindowMs === undefined ? {} : { accountProtectionWindowMs }),
    },
  });
}

function sessionInput(options: Readonly<Record<string, unknown>>): WasenderSessionInput {
  const { name, phone, accountProtection, logMessages, webhookUrl, webhookEvents } = options;
  return {
    name: String(name),
    phoneNumber: String(phone),
    ...(accountProtection === false ? { accountProtection: false } : {}),
    ...(logMessages === true ? { logMessages: true } : {}),
    ...(typeof webhookUrl === "string" ? { webhookUrl } : {}),
    ...(typeof webhookEvents === "string"
      ? { webhookEvents: webhookEvents.split(",").map((event) => event.trim()) }
      : {}),
  };
}

/** The emulator serves a page beside the interface that stands in for the provider's. */
function pairingPage(session: Session, environment: Environment): string | undefined {
  const baseUrl = environment[variables.baseUrl];
  const url = baseUrl && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isEmulator =
    url !== undefined && ["127.0.0.1", "localhost"].includes(url.hostname) && url.pathname === "/wasender/api";
  return isEmulator && session.remoteId ? `${url.origin}/wasender/pair/${session.remoteId}` : undefined;
}

export const wasenderAdapter: ProviderAdapter = {
  id: "wasender",
  environmentVariables: {
    [variables.token]: "personal access token of the account",
    [variables.baseUrl]: "another address, such as the emulator's",
    [variables.plan]: "paid (default) or trial",
    [variables.sendPerMinute]:
      "sends per minute without account protection, when yours differ from the published limits",
    [variables.accountProtectionWindowMs]: "distance of two sends with account protection, in milliseconds",
  },
  configure,
  checkEnvironment,
  questions: ({ name, phone }) => [
    ...(name === undefined ? [{ option: "name", question: "Name of the session:" }] : []),
    ...(phone === undefined ? [{ option: "phone", question: "Phone number to link, like +15550100:" }] : []),
  ],
  sessionInput,
  async askState(session, signal) {
    const { value } = await typed(session).provider.account.status({}, { signal });
    return { word: value.status, isConnected: value.status === "connected" };
  },
  pairingPage,
  async reveal(session) {
    const { apiKey, webhookSecret } = (await typed(session).provider.sessions.get({})).value;
    return { ...(apiKey ? { sessionKey: apiKey } : {}), ...(webhookSecret ? { webhookSecret } : {}) };
  },
  remote(calls) {
    const api = calls as BoundOperations<WasenderOperations>;
    return {
      checkCredential: async (signal) => void (await api.account.authCheck({}, { signal, timeoutMs: 15_000 })),
      list: async (signal) =>
        (await api.sessions.list({}, { signal })).value.map(({ id, name, phoneNumber, status }) => ({
          remoteId: id,
          ...(name === undefined ? {} : { name }),
          ...(phoneNumber === undefined ? {} : { phone: phoneNumber }),
          ...(status === undefined ? {} : { status }),
        })),
    };
  },
};
