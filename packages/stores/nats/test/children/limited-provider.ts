import { type AnyProvider, defineOperation, type Operation } from "@colloquy/core";

/** `POST /send` with an id, once only; all sessions spend of the account's bucket. */
export const send: Operation<{ readonly id: string }, undefined> = defineOperation({
  name: "messages.send",
  summary: "Sends.",
  method: "POST",
  path: "/send",
  credential: "none",
  repeatable: "never",
  buckets: ["send"],
  encode: ({ id }) => ({ body: { kind: "json", value: { id } } }),
  decode: () => undefined,
});

const longMs = 86_400_000;

/** The least of a provider that the transport needs. */
export function limitedProvider(baseUrl: string, limit: number, windowMs: number): AnyProvider {
  const unused = (): never => {
    throw new Error("These tests only send.");
  };
  return {
    id: "limited",
    baseUrl,
    credentials: {},
    operations: { messages: { send } },
    manifest: {
      id: "limited",
      displayName: "Limited server",
      asOf: "2026-01-01",
      credentials: [],
      traits: { disconnectUnpairs: false, statePolling: false, hasTransport: false, canRestart: false },
      timings: {
        connectDeadlineMs: longMs,
        pairingDeadlineMs: longMs,
        challengeLifetimeMs: longMs,
        livenessMs: longMs,
        closeDeadlineMs: longMs,
        pollActiveMs: longMs,
        pollConnectedMs: longMs,
      },
      limits: [{ bucket: "send", scope: "account", limit, windowMs, source: "test", asOf: "2026-01-01" }],
      statusWords: [],
    },
    validateConfig: () => [],
    validateSession: () => [],
    create: unused,
    attach: unused,
    open: unused,
    probe: unused,
    close: unused,
    interpret: () => [],
    readFailure: ({ status }) => (status === 429 ? { code: "RATE_LIMITED" } : undefined),
    readRateLimits: () => [],
    facets: {},
  };
}
