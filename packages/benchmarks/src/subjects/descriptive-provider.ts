import type { AnyProvider, LimitRule, LimitScope, Operation, RateLimitReading, WireResponse } from "@colloquy/core";
import { defineOperation } from "@colloquy/core";
import type { LimitPlan } from "../server/plan.js";

interface SendInput {
  readonly to: string;
  readonly text: string;
}

/** The benchmark server, described as any provider is. `limits` is what is known beforehand. */
export function descriptiveProvider(url: string, known: readonly LimitPlan[], isLimited: boolean): AnyProvider {
  const unused = (): never => {
    throw new Error("The benchmarks only send.");
  };
  const day = 86_400_000;
  return {
    id: "bench",
    baseUrl: url,
    credentials: { session_key: "key" },
    operations: { messages: { send: sendOperation(isLimited) } },
    manifest: {
      id: "bench",
      displayName: "Benchmark server",
      asOf: "2026-01-01",
      credentials: [{ kind: "session_key", from: "configuration", required: true }],
      traits: { disconnectUnpairs: false, statePolling: false, hasTransport: false, canRestart: false },
      timings: {
        connectDeadlineMs: day,
        pairingDeadlineMs: day,
        challengeLifetimeMs: day,
        livenessMs: day,
        closeDeadlineMs: day,
        pollActiveMs: day,
        pollConnectedMs: day,
      },
      limits: known.map(ruleOf),
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
    readFailure: ({ status, body }) => {
      if (status < 400) return undefined;
      if (status === 429) return { code: "RATE_LIMITED" };
      // This server answers 503 before it does anything, and says so in its documents.
      if (status === 503) return { code: "PROVIDER_UNAVAILABLE", outcome: "rejected" };
      return { code: "PROVIDER_REJECTED", providerMessage: String((body as { message?: string } | null)?.message) };
    },
    // The server's headers speak of its first limit.
    readRateLimits: (response) => readHeaders(response, known[0]?.scope ?? "session"),
    facets: {},
  };
}

export function sendOperation(isLimited: boolean): Operation<SendInput, undefined> {
  return defineOperation({
    name: "messages.send",
    summary: "Sends a text.",
    method: "POST",
    path: "/send-message",
    credential: "session_key",
    repeatable: "never",
    buckets: isLimited ? ["send"] : [],
    encode: ({ to, text }) => ({ body: { kind: "json", value: { to, text } } }),
    decode: () => undefined,
  });
}

function ruleOf({ scope, limit, windowMs }: LimitPlan): LimitRule {
  return { bucket: "send", scope, limit, windowMs, source: "benchmark", asOf: "2026-01-01" };
}

/** `X-RateLimit-*` in seconds from now or as a Unix timestamp, or `RateLimit` with its policy. */
function readHeaders({ headers, receivedAtMs }: WireResponse, scope: LimitScope): readonly RateLimitReading[] {
  const base = { bucket: "send", scope, observedAtMs: receivedAtMs } as const;
  const ietf = /r=(\d+);t=(\d+)/.exec(headers["ratelimit"] ?? "");
  const policy = /q=(\d+);w=(\d+)/.exec(headers["ratelimit-policy"] ?? "");
  if (ietf && policy)
    return [
      {
        ...base,
        limit: Number(policy[1]),
        windowMs: Number(policy[2]) * 1_000,
        remaining: Number(ietf[1]),
        resetAtMs: receivedAtMs + Number(ietf[2]) * 1_000,
      },
    ];
  if (headers["x-ratelimit-limit"] === undefined) return [];
  const after = headers["x-ratelimit-reset-after"];
  const resetAtMs =
    after === undefined ? Number(headers["x-ratelimit-reset"]) * 1_000 : receivedAtMs + Number(after) * 1_000;
  return [
    {
      ...base,
      limit: Number(headers["x-ratelimit-limit"]),
      remaining: Number(headers["x-ratelimit-remaining"]),
      resetAtMs,
    },
  ];
}
