import {
  type AnyProvider,
  defineOperation,
  type LimitRule,
  type Operation,
  type Provider,
  type RateLimitReading,
  type Repeatable,
  type WireResponse,
} from "../../src/contract/index.js";
import type { ExchangeSession } from "../../src/transport/index.js";

export const fakeToken = "pat-canary-0123456789";
export const fakeSessionKey = "key-canary-9876543210";

export interface SendInput {
  readonly to: string;
  readonly text: string;
}

/** `POST /send`, once only. */
export const send: Operation<SendInput, { readonly id: string }> = sendAs("never");
/** The same, but safe to repeat. */
export const upsert: Operation<SendInput, { readonly id: string }> = sendAs("always");

function sendAs(repeatable: Repeatable): Operation<SendInput, { readonly id: string }> {
  return defineOperation({
    name: repeatable === "never" ? "messages.send" : "messages.upsert",
    summary: "Sends a text.",
    method: "POST",
    path: "/send",
    credential: "personal_access_token",
    repeatable,
    buckets: ["send"],
    encode: ({ to, text }) => ({ body: { kind: "json", value: { to, text } } }),
    decode: idOf,
  });
}

/** `GET /things/{id}`. */
export const look: Operation<{ readonly id: string }, { readonly id: string }> = defineOperation({
  name: "things.get",
  summary: "Reads a thing.",
  method: "GET",
  path: "/things/{id}",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: ({ id }) => ({ params: { id }, query: { verbose: true, page: undefined } }),
  decode: idOf,
});

/** `GET /open`, without a token. */
export const open: Operation<Record<string, never>, unknown> = defineOperation({
  name: "open.get",
  summary: "Needs no token.",
  method: "GET",
  path: "/open",
  credential: "none",
  repeatable: "always",
  buckets: [],
  encode: () => ({}),
  decode: (response) => response.body,
});

// Trips over null and over other shapes, as real decoders may.
function idOf(response: WireResponse): { readonly id: string } {
  const { id } = response.body as { readonly id?: unknown };
  if (typeof id !== "string") throw new Error("no id");
  return { id };
}

export interface FakeProviderOptions {
  readonly baseUrl?: string;
  readonly limits?: readonly LimitRule[];
  readonly credentials?: Provider["credentials"];
  readonly readFailure?: Provider["readFailure"];
  readonly readRateLimits?: Provider["readRateLimits"];
}

/** The least of a provider that the transport needs: a token, a key, four operations. */
export function fakeProvider(options: FakeProviderOptions = {}): AnyProvider {
  const unused = (): never => {
    throw new Error("not used by the transport");
  };
  return {
    id: "fake",
    baseUrl: options.baseUrl ?? "http://provider.test",
    credentials: options.credentials ?? { personal_access_token: fakeToken },
    operations: { messages: { send, upsert }, things: { get: look }, open: { get: open } },
    manifest: {
      id: "fake",
      displayName: "Fake",
      asOf: "2026-01-01",
      credentials: [
        {
          kind: "personal_access_token",
          from: "configuration",
          environmentVariable: "FAKE_TOKEN",
          required: true,
          looksLike: (value) => (value.startsWith("pat-") ? "personal_access_token" : undefined),
        },
        {
          kind: "session_key",
          from: "session_secret",
          required: true,
          looksLike: (value) => (value.startsWith("key-") ? "session_key" : undefined),
        },
      ],
      traits: { disconnectUnpairs: false, statePolling: false, hasTransport: false, canRestart: false },
      timings: {
        connectDeadlineMs: 1,
        pairingDeadlineMs: 1,
        challengeLifetimeMs: 1,
        livenessMs: 1,
        closeDeadlineMs: 1,
        pollActiveMs: 1,
        pollConnectedMs: 1,
      },
      limits: options.limits ?? [],
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
    readFailure: options.readFailure ?? (() => undefined),
    readRateLimits: options.readRateLimits ?? readFakeRateLimits,
    facets: {},
  };
}

/** `X-RateLimit-*` with a reset in (fractional) seconds from now. */
function readFakeRateLimits(response: WireResponse): readonly RateLimitReading[] {
  const { headers, receivedAtMs } = response;
  const limit = numberOf(headers["x-ratelimit-limit"]);
  const remaining = numberOf(headers["x-ratelimit-remaining"]);
  const reset = numberOf(headers["x-ratelimit-reset"]);
  const retryAfter = (response.body as { readonly retry_after?: number } | null | undefined)?.retry_after;
  if (limit === undefined && retryAfter === undefined) return [];
  return [
    {
      bucket: "send",
      scope: "session",
      observedAtMs: receivedAtMs,
      ...(limit === undefined ? {} : { limit }),
      ...(remaining === undefined ? {} : { remaining }),
      ...(reset === undefined ? {} : { resetAtMs: receivedAtMs + reset * 1_000 }),
      ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter * 1_000 }),
    },
  ];
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** A rule of the "send" bucket. */
export function sendRule(limit: number, windowMs: number, more: Partial<LimitRule> = {}): LimitRule {
  return { bucket: "send", scope: "session", limit, windowMs, source: "test", asOf: "2026-01-01", ...more };
}

/** A session with the key that the fake provider wants. */
export function fakeSession(
  id = "ses_a",
  secrets: Readonly<Record<string, string>> = { session_key: fakeSessionKey },
): ExchangeSession {
  return { id, remoteId: "1", settings: {}, secrets: async () => secrets };
}
