import { type AnyProvider, call, defineOperation, type SendFacet } from "@colloquy/core";

const dayMs = 86_400_000;

const get = defineOperation({
  name: "sessions.get",
  summary: "Reads a session.",
  method: "GET",
  path: "/sessions/{id}",
  credential: "none",
  repeatable: "always",
  buckets: ["requests"],
  encode: ({ id }: { readonly id: string }) => ({ params: { id } }),
  decode: () => "online",
});

export interface StandingProviderOptions {
  readonly id: string;
  readonly baseUrl: string;
  readonly pollConnectedMs: number;
  readonly send: SendFacet["send"];
  readonly receive?: AnyProvider["facets"]["receive"];
}

/** The smallest service that is asked whether a session is connected, and always says yes. Its limit is never reached. */
export function standingProvider({
  id,
  baseUrl,
  pollConnectedMs,
  send,
  receive,
}: StandingProviderOptions): AnyProvider {
  const look = function* (remoteId: string) {
    return { source: "probe", word: yield* call(get, { id: remoteId }) } as const;
  };
  return {
    id,
    baseUrl,
    credentials: {},
    operations: { sessions: { get } },
    manifest: {
      id,
      displayName: "Standing service",
      asOf: "2026-01-01",
      credentials: [],
      traits: { disconnectUnpairs: false, statePolling: true, hasTransport: false, canRestart: false },
      timings: {
        connectDeadlineMs: 60_000,
        pairingDeadlineMs: dayMs,
        challengeLifetimeMs: dayMs,
        livenessMs: 5 * pollConnectedMs,
        closeDeadlineMs: 60_000,
        pollActiveMs: 1_000,
        pollConnectedMs,
      },
      limits: [
        {
          bucket: "requests",
          scope: "account",
          limit: 1_000_000,
          windowMs: 1_000,
          source: "measure",
          asOf: "2026-01-01",
        },
      ],
      messages: { kinds: ["text"], maxTextLength: 1_000 },
      statusWords: ["online"],
    },
    validateConfig: () => [],
    validateSession: () => [],
    *create({ remoteId }: { readonly remoteId: string }) {
      yield* look(remoteId);
      return { remoteId, secrets: {}, settings: {} };
    },
    *attach(remoteId) {
      yield* look(remoteId);
      return { remoteId, secrets: {}, settings: {} };
    },
    open: ({ remoteId }) => look(remoteId),
    probe: ({ remoteId }) => look(remoteId),
    close: ({ remoteId }) => look(remoteId),
    interpret: () => [{ type: "opened" }],
    readFailure: ({ status }) => (status < 400 ? undefined : { code: "PROVIDER_REJECTED" }),
    readRateLimits: () => [],
    facets: { send: { check: () => [], send }, ...(receive ? { receive } : {}) },
  };
}
