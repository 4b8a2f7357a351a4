import {
  type ConnectFacet,
  type CredentialSource,
  call,
  callOf,
  type Facets,
  type LimitRule,
  type OutboundMessage,
  type Problem,
  type Provider,
  type ProviderTimings,
  type RemoteSession,
  type RemoteSignal,
} from "../contract/index.js";
import { interpretReference, readReferenceFailure, readReferenceLimits } from "./reference-answers.js";
import { referenceAsk } from "./reference-ask-facet.js";
import { referenceLimits, referenceManifest } from "./reference-manifest.js";
import {
  referenceOperations as operations,
  type ReferenceOperations,
  type ReferenceSession,
  type ReferenceSessionInput,
} from "./reference-operations.js";
import { referenceReceive } from "./reference-receive.js";

export interface ReferenceProviderOptions {
  readonly baseUrl: string;
  readonly personalAccessToken: CredentialSource;
  /** Instead of the manifest's short ones, in milliseconds. */
  readonly timings?: Partial<ProviderTimings>;
  /** Instead of the manifest's. */
  readonly limits?: readonly LimitRule[];
  /** Holds lines for its sessions, for example `new ScriptedLines().facet`. Default: it has none. */
  readonly connect?: ConnectFacet;
}

export type ReferenceProvider = Provider<"reference", ReferenceOperations, ReferenceSessionInput>;

/**
 * The smallest honest provider: every facet, nothing but the contract. Core's tests and the conformance suite run over it,
 * and it is the model to copy for a new one. It speaks to `startReferenceService()`.
 */
export function referenceProvider(options: ReferenceProviderOptions): ReferenceProvider {
  const { baseUrl, personalAccessToken, timings, limits, connect } = options;
  const manifest = referenceManifest(timings);
  return {
    id: "reference",
    manifest: connect ? { ...manifest, traits: { ...manifest.traits, hasTransport: true } } : manifest,
    baseUrl,
    credentials: { personal_access_token: personalAccessToken },
    ...(limits ? { limits } : {}),
    operations,

    validateConfig: () => [
      ...(/^https?:\/\/[^/]+/.test(baseUrl) ? [] : [{ field: "baseUrl", message: "must be an http or https URL." }]),
      ...(personalAccessToken === "" ? [{ field: "personalAccessToken", message: "must not be empty." }] : []),
    ],
    validateSession: ({ account }) => {
      const isAccount = account === undefined || /^\+\d{7,15}$/.test(account);
      return isAccount ? [] : [{ field: "account", message: "must be a plus sign and 7 to 15 digits." }];
    },

    *create(input) {
      return remoteSession(yield* call(operations.sessions.create, input));
    },
    *attach(id) {
      return remoteSession(yield* call(operations.sessions.get, { id }));
    },
    *open({ remoteId: id }) {
      return signalOf(yield* call(operations.sessions.connect, { id }), "reply");
    },
    *probe({ remoteId: id }) {
      return signalOf(yield* call(operations.sessions.get, { id }), "probe");
    },
    *close({ remoteId: id }) {
      yield* call(operations.sessions.remove, { id });
      return { source: "reply", word: "gone" };
    },
    *logout({ remoteId: id }) {
      return signalOf(yield* call(operations.sessions.unlink, { id }), "reply");
    },
    *suspend({ remoteId: id }) {
      return signalOf(yield* call(operations.sessions.pause, { id }), "reply");
    },

    interpret: interpretReference,
    readFailure: readReferenceFailure,
    readRateLimits: (response, operation) => readReferenceLimits(response, operation, limits ?? referenceLimits),
    facets: connect ? { ...facets, connect } : facets,
  };
}

const facets: Facets = {
  pairing: {
    kinds: ["qr", "passkey"],
    *refresh({ remoteId: id }) {
      return signalOf(yield* call(operations.sessions.newCode, { id }), "reply");
    },
    *respond({ remoteId: id }, { answer }) {
      return signalOf(yield* call(operations.sessions.answer, { id, answer: answer ?? null }), "reply");
    },
  },
  send: {
    check: checkMessage,
    send: (message) => callOf(operations.messages.send, message),
    *progress({ providerMessageId: id }) {
      return yield* call(operations.messages.get, { id });
    },
  },
  edit: {
    edit: (id, text) => callOf(operations.messages.edit, { id, text }),
    remove: (id) => callOf(operations.messages.remove, { id }),
  },
  presence: { setPresence: (chat, kind) => callOf(operations.presence.set, { chat, kind }) },
  receive: referenceReceive,
  ask: referenceAsk,
};

function checkMessage({ to, media, poll }: OutboundMessage): readonly Problem[] {
  const problems: Problem[] = [];
  if (!/^\+?\d{7,15}$/.test(to)) problems.push({ field: "to", message: "must be a phone number." });
  if (media && !/^https?:\/\//.test(media.url)) problems.push({ field: "media.url", message: "must be a public URL." });
  if (poll && (poll.options.length < 2 || poll.options.length > 10))
    problems.push({ field: "poll.options", message: "must be 2 to 10." });
  return problems;
}

function remoteSession({ id, name, key, signingSecret, expected }: ReferenceSession): RemoteSession {
  return {
    remoteId: id,
    ...(name === undefined ? {} : { name }),
    secrets: { session_key: key, signing_secret: signingSecret },
    settings: {},
    ...(expected === undefined ? {} : { expectedIdentity: expected }),
  };
}

function signalOf({ status, account, challenge }: ReferenceSession, source: "reply" | "probe"): RemoteSignal {
  return {
    source,
    word: status,
    ...(challenge ? { challenge } : {}),
    ...(account === undefined ? {} : { identity: { id: account } }),
  };
}
