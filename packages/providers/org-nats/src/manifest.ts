import type { ProviderManifest } from "@colloquy/core/contract";
import { statusWords } from "./interpret.js";

export const manifest: ProviderManifest = {
  id: "org-nats",
  displayName: "Organisation sessions",
  asOf: "2026-11-21",
  credentials: [
    {
      kind: "personal_access_token",
      from: "configuration",
      environmentVariable: "ORG_SESSIONS_TOKEN",
      // The server itself asks for none; a gateway before it may.
      required: false,
    },
  ],
  traits: {
    disconnectUnpairs: false,
    // The server as shipped tells nobody of anything.
    statePolling: true,
    hasTransport: true,
    canRestart: false,
  },
  timings: {
    // ASSUMED, all of them.
    connectDeadlineMs: 30_000,
    pairingDeadlineMs: 60_000,
    challengeLifetimeMs: 60_000,
    livenessMs: 600_000,
    closeDeadlineMs: 30_000,
    pollActiveMs: 5_000,
    pollConnectedMs: 15_000,
  },
  // The servers have none.
  limits: [],
  statusWords,
};
