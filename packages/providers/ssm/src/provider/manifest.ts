import type { ProviderManifest } from "@colloquy/core/contract";
import { type ChannelTimings, defaultTimings } from "../channel/options.js";
import { statusWords } from "../interpret.js";

/** Says nothing of the connection, so it moves nothing. */
const silentWords: ReadonlySet<string> = new Set(["created"]);

/** An answered ping is the proof of life; so many may stay away before the line counts as deaf. ASSUMED. */
const missedPings = 4;

const manifest: ProviderManifest = {
  id: "ssm",
  displayName: "AWS Session Manager",
  documentationUrl: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
  asOf: "2026-11-21",
  credentials: [
    // Key id, secret and, for temporary keys, the session token, joined by colons.
    { kind: "personal_access_token", from: "configuration", environmentVariable: "AWS_ACCESS_KEY_ID", required: true },
    // The token of the data channel.
    { kind: "session_key", from: "session_secret", required: true },
  ],
  traits: {
    disconnectUnpairs: false,
    statePolling: false,
    hasTransport: true,
    // A session that ended is gone; another one is started in its place.
    canRestart: false,
  },
  timings: {
    // ASSUMED, all of them; above the data channel's own deadlines. What only pairing and polling need is not used.
    connectDeadlineMs: 75_000,
    pairingDeadlineMs: 60_000,
    challengeLifetimeMs: 60_000,
    livenessMs: missedPings * defaultTimings.pingIntervalMs,
    closeDeadlineMs: 20_000,
    pollActiveMs: 30_000,
    pollConnectedMs: 60_000,
  },
  // The service publishes none for these operations.
  limits: [],
  statusWords: statusWords.filter((word) => !silentWords.has(word)),
};

/** The manifest for these timings of the channel: rarer pings are waited for longer. */
export function manifestFor({ pingIntervalMs = 0 }: Partial<ChannelTimings> = {}): ProviderManifest {
  const livenessMs = Math.max(manifest.timings.livenessMs, missedPings * pingIntervalMs);
  return { ...manifest, timings: { ...manifest.timings, livenessMs } };
}
