import type { ProviderManifest } from "@colloquy/core/contract";
import { statusWords } from "./interpret.js";
import { limits } from "./limits.js";
import { longestMessage } from "./operations/chat.js";

export const manifest: ProviderManifest = {
  id: "atlus",
  displayName: "ATLUS",
  asOf: "2026-11-21",
  credentials: [
    {
      kind: "personal_access_token",
      from: "configuration",
      environmentVariable: "ATLUS_PERSONAL_ACCESS_TOKEN",
      // The service itself asks for none; a gateway before it may.
      required: false,
    },
  ],
  traits: {
    disconnectUnpairs: false,
    // Nothing changes by itself: the next call is the proof.
    statePolling: false,
    hasTransport: false,
    canRestart: true,
  },
  timings: {
    // ASSUMED, all of them. What only pairing and polling need is not used.
    connectDeadlineMs: 60_000,
    pairingDeadlineMs: 60_000,
    challengeLifetimeMs: 60_000,
    livenessMs: 600_000,
    closeDeadlineMs: 30_000,
    pollActiveMs: 5_000,
    pollConnectedMs: 300_000,
  },
  limits,
  messages: { kinds: ["text"], maxTextLength: longestMessage },
  statusWords,
};
