import type { CredentialKind, ProviderManifest } from "@colloquy/core/contract";
import { statusWords } from "./interpret.js";
import { limitsOf } from "./limits.js";
import { pollOptionCount } from "./message-body.js";

/** Session keys are 64 hexadecimal digits; personal access tokens are a number, a bar and a long text. */
export function tokenLooksLike(value: string): Exclude<CredentialKind, "none"> | undefined {
  if (/^[0-9a-f]{64}$/.test(value)) return "session_key";
  return /^\d+\|[A-Za-z0-9]{40,}$/.test(value) ? "personal_access_token" : undefined;
}

export const manifest: ProviderManifest = {
  id: "wasender",
  displayName: "WasenderAPI",
  documentationUrl: "https://wasenderapi.com/api-docs",
  asOf: "2026-08-21",
  credentials: [
    {
      kind: "personal_access_token",
      from: "configuration",
      environmentVariable: "WASENDER_PERSONAL_ACCESS_TOKEN",
      required: true,
      looksLike: tokenLooksLike,
    },
    { kind: "session_key", from: "session_secret", required: true, looksLike: tokenLooksLike },
  ],
  traits: {
    // Its disconnect logs the phone out; there is no pause.
    disconnectUnpairs: true,
    statePolling: true,
    hasTransport: false,
    // A session that failed is still there, so it can be connected again once what was wrong is corrected.
    canRestart: true,
  },
  timings: {
    // ASSUMED: all but the life of a code, for which the documentation says 45 s.
    connectDeadlineMs: 60_000,
    pairingDeadlineMs: 300_000,
    challengeLifetimeMs: 45_000,
    livenessMs: 180_000,
    closeDeadlineMs: 30_000,
    pollActiveMs: 2_000,
    pollConnectedMs: 60_000,
  },
  limits: limitsOf("paid"),
  messages: {
    kinds: ["text", "image", "video", "audio", "document", "sticker", "contact", "location", "poll"],
    // ASSUMED: WhatsApp's own bound; the provider documents none.
    maxTextLength: 65_536,
    pollOptions: pollOptionCount,
  },
  statusWords,
};
