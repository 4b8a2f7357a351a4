import type { ProviderManifest } from "@colloquy/core/contract";
import { statusWords } from "./interpret.js";

/** Longer prompts are refused before anything is stored. ASSUMED: more than any present model's context holds. */
const longestPrompt = 4_000_000;

export const manifest: ProviderManifest = {
  id: "oblix",
  displayName: "Oblix",
  asOf: "2026-11-21",
  // Keys belong to the models.
  credentials: [],
  traits: {
    disconnectUnpairs: false,
    // Nothing changes by itself: the conversation is in our own store.
    statePolling: false,
    hasTransport: false,
    canRestart: false,
  },
  timings: {
    // ASSUMED, all of them. What only pairing and polling need is not used.
    connectDeadlineMs: 30_000,
    pairingDeadlineMs: 60_000,
    challengeLifetimeMs: 60_000,
    livenessMs: 600_000,
    closeDeadlineMs: 30_000,
    pollActiveMs: 5_000,
    pollConnectedMs: 300_000,
  },
  // Limits are those of the models' endpoints, which tell them.
  limits: [],
  messages: { kinds: ["text"], maxTextLength: longestPrompt },
  statusWords,
};
