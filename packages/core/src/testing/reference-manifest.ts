import type { LimitRule, ProviderManifest, ProviderTimings } from "../contract/index.js";

// ASSUMED, all of them: short, so that tests on the real clock take milliseconds. The reference service keeps the same.
const timings: ProviderTimings = {
  connectDeadlineMs: 2_000,
  pairingDeadlineMs: 20_000,
  challengeLifetimeMs: 5_000,
  livenessMs: 1_000,
  closeDeadlineMs: 2_000,
  pollActiveMs: 10,
  pollConnectedMs: 25,
};

/** What the reference service allows unless told otherwise. */
export const referenceLimits: readonly LimitRule[] = [
  {
    bucket: "requests",
    scope: "account",
    limit: 500,
    windowMs: 1_000,
    source: "the reference service",
    asOf: "2026-11-21",
  },
  { bucket: "sends", scope: "session", limit: 20, windowMs: 100, source: "the reference service", asOf: "2026-11-21" },
];

/** The manifest of the reference provider, with other timings where given. */
export function referenceManifest(changed: Partial<ProviderTimings> = {}): ProviderManifest {
  return {
    id: "reference",
    displayName: "Reference",
    asOf: "2026-11-21",
    credentials: [
      {
        kind: "personal_access_token",
        from: "configuration",
        environmentVariable: "REFERENCE_PERSONAL_ACCESS_TOKEN",
        required: true,
        looksLike: (value) => (value.startsWith("pat_") ? "personal_access_token" : undefined),
      },
      {
        kind: "session_key",
        from: "session_secret",
        required: true,
        looksLike: (value) => (value.startsWith("key_") ? "session_key" : undefined),
      },
    ],
    traits: { disconnectUnpairs: false, statePolling: true, hasTransport: false, canRestart: true },
    timings: { ...timings, ...changed },
    limits: referenceLimits,
    messages: {
      kinds: ["text", "image", "video", "audio", "document", "sticker", "contact", "location", "poll"],
      maxTextLength: 1_000,
      pollOptions: { min: 2, max: 10 },
    },
    statusWords: ["opening", "scan", "passkey", "online", "offline", "paused", "replaced", "unlinked", "gone"],
  };
}
