import { type AnyProvider, call, defineOperation, type LimitRule, type ProviderEvent } from "@colloquy/core";

const day = 86_400_000;
const roomy: LimitRule = {
  bucket: "requests",
  scope: "account",
  limit: 1_000_000,
  windowMs: 1_000,
  source: "chaos",
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
  path: "/sessions/{id}/messages",
  credential: "none",
  repeatable: "never",
  buckets: ["requests"],
  encode: ({ text, epoch }: { readonly text: string; readonly epoch: number }, { remoteId = "" }) => ({
    params: { id: remoteId },
    body: { kind: "json", value: { text, epoch } },
  }),
  decode: ({ body }) => ({ providerMessageId: String((body as { id?: unknown } | null)?.id), status: "accepted" }),
});

/**
 * The service of the harness, described as any provider is. It cannot be asked what it has, so what is unknown stays so.
 * Each message says under which lease it was sent.
 */
export function chaosProvider(baseUrl: string, epochOf: (sessionId: string) => number = () => 0): AnyProvider {
  const look = function* (remoteId: string) {
    return { source: "probe", word: yield* call(get, { id: remoteId }) } as const;
  };
  return {
    id: "chaos",
    baseUrl,
    credentials: {},
    operations: { sessions: { get }, messages: { send } },
    manifest: {
      id: "chaos",
      displayName: "Chaos service",
      asOf: "2026-01-01",
      credentials: [],
      traits: { disconnectUnpairs: false, statePolling: true, hasTransport: false, canRestart: false },
      timings: {
        connectDeadlineMs: 20_000,
        pairingDeadlineMs: day,
        challengeLifetimeMs: day,
        livenessMs: 60_000,
        closeDeadlineMs: 20_000,
        pollActiveMs: 1_000,
        pollConnectedMs: 10_000,
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
        send: ({ text = "" }, { sessionId }) => ({ operation: send, input: { text, epoch: epochOf(sessionId) } }),
      },
      receive: { verify: () => true, read: ({ body }) => ({ events: eventsOf(body), signals: [] }) },
    },
  };
}

/** A delivery names what happened, nothing more. */
function eventsOf(body: Uint8Array): readonly ProviderEvent[] {
  const occurrenceId = Buffer.from(body).toString("utf8");
  const chatId = occurrenceId.split(" ")[0] ?? "";
  const message = { providerMessageId: occurrenceId, chatId, from: { id: chatId }, kind: "text" as const };
  return [{ type: "message.received", occurrenceId, message, raw: null }];
}
