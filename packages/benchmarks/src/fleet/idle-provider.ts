import { type AnyProvider, call, defineOperation, type LimitRule } from "@colloquy/core";

/** As long as a hosted service would be asked between two looks at a session that is connected. */
const pollConnectedMs = 60_000;
const roomy: LimitRule = {
  bucket: "requests",
  scope: "account",
  limit: 1_000_000,
  windowMs: 1_000,
  source: "benchmark",
  asOf: "2026-01-01",
};

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

const send = defineOperation({
  name: "messages.send",
  summary: "Sends a text.",
  method: "POST",
  path: "/messages",
  credential: "none",
  repeatable: "never",
  buckets: ["requests"],
  encode: ({ text }: { readonly text: string }) => ({ body: { kind: "json", value: { text } } }),
  decode: ({ body }) => ({ providerMessageId: String((body as { id?: unknown } | null)?.id), status: "accepted" }),
});

/** The smallest service that is asked whether a session is connected, and always says yes. */
export function idleProvider(baseUrl = "http://127.0.0.1:9"): AnyProvider {
  const look = function* (remoteId: string) {
    return { source: "probe", word: yield* call(get, { id: remoteId }) } as const;
  };
  const day = 86_400_000;
  return {
    id: "bench",
    baseUrl,
    credentials: {},
    operations: { sessions: { get }, messages: { send } },
    manifest: {
      id: "bench",
      displayName: "Benchmark service",
      asOf: "2026-01-01",
      credentials: [],
      traits: { disconnectUnpairs: false, statePolling: true, hasTransport: false, canRestart: false },
      timings: {
        connectDeadlineMs: 60_000,
        pairingDeadlineMs: day,
        challengeLifetimeMs: day,
        livenessMs: 4 * pollConnectedMs,
        closeDeadlineMs: 60_000,
        pollActiveMs: 5_000,
        pollConnectedMs,
      },
      limits: [roomy],
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
    facets: {
      send: {
        check: () => [],
        send: ({ text = "" }) => ({ operation: send, input: { text } }),
      },
    },
  };
}
