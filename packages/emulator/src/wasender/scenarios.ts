import type { WasenderDials } from "./dials.js";

export interface WasenderScenario {
  /** One line for people. */
  description: string;
  /** What it changes; every other dial has its default. */
  dials: Partial<WasenderDials>;
}

/** Named weather. A scenario starts from the defaults; dials given at start-up win over it. */
export const wasenderScenarios: Record<string, WasenderScenario> = {
  calm: { description: "Everything works and a person scans.", dials: {} },
  "self-scan": { description: "The QR code is scanned by itself after a second.", dials: { scanAfterMs: 1_000 } },
  "nobody-scans": {
    description: "QR codes are refreshed until the session expires.",
    dials: { nobodyScans: true },
  },
  "wrong-phone": {
    description: "Another phone than the session's own scans the code.",
    dials: { wrongPhone: true, scanAfterMs: 1_000 },
  },
  "phone-unlinks": {
    description: "Five seconds after connecting, the phone unlinks the session.",
    dials: { scanAfterMs: 1_000, unlinkAfterMs: 5_000 },
  },
  "passkey-fallback": {
    description: "Linking by passkey falls back to a QR code.",
    dials: { passkeyFallback: true },
  },
  trial: { description: "A free trial: one session, one message a minute, fifty a day.", dials: { plan: "trial" } },
  "no-plan": { description: "Neither subscription nor trial: nothing may be used.", dials: { plan: "none" } },
  "throttle-wall": { description: "Every send is refused with 429 for thirty seconds.", dials: { limitWall: 30_000 } },
  "limit-halves": {
    description: "After three accepted messages every limit is half of what it was.",
    dials: { limitsHalveAfter: 3 },
  },
  "answer-lost": {
    description: "The next message is accepted, but its answer never arrives.",
    dials: { failNext: [{ match: { method: "POST", path: "/send-message" }, fault: { kind: "drop_after" } }] },
  },
  flaky: {
    description: "Some requests are dropped, lose their answer, or meet a 503.",
    dials: { droppedRate: 0.1, lostAnswerRate: 0.05, error503Rate: 0.1 },
  },
  "html-gateway": {
    description: "Three answers of ten are a gateway's HTML page with 502.",
    dials: { html502Rate: 0.3 },
  },
  "garbled-json": {
    description: "Three answers of ten are not JSON, though the request took effect.",
    dials: { garbledJsonRate: 0.3 },
  },
  slow: { description: "Answers take two to three seconds.", dials: { latencyMs: 2_000, latencyJitterMs: 1_000 } },
  "token-revoked": { description: "Personal access tokens are no longer accepted.", dials: { tokenRevoked: true } },
  "late-webhooks": { description: "Webhooks leave three seconds late.", dials: { webhookDelayMs: 3_000 } },
  "shuffled-webhooks": { description: "Webhooks overtake each other.", dials: { webhookShuffle: true } },
  "doubled-webhooks": { description: "Every webhook arrives twice.", dials: { webhookDoubleRate: 1 } },
  "forged-webhooks": {
    description: "Before every webhook a forged one arrives, with a wrong signature.",
    dials: { webhookForge: true },
  },
  "rough-webhooks": {
    description: "Webhooks are late, overtake each other, half of them come twice, and forged ones mix in.",
    dials: { webhookDelayMs: 500, webhookShuffle: true, webhookDoubleRate: 0.5, webhookForge: true },
  },
  "odd-webhooks": {
    description: "Webhooks of the shapes that receivers met but no documentation tells.",
    dials: {
      upsertAsObject: true,
      updateAsArray: true,
      senderPnIsLid: true,
      messageTimestampStyle: "long",
      webhookTimestampUnit: "milliseconds",
      oldSessionStatus: true,
      forgedSignature: "missing",
    },
  },
  "failing-sends": {
    description: "Three accepted messages of ten fail instead of leaving; a webhook and the log tell.",
    dials: { sendFailureRate: 0.3 },
  },
  deaf: {
    description: "The session says that it is connected, but no webhook is delivered.",
    dials: { deafConnection: true },
  },
  leaky: {
    description: "Undocumented shapes: extra keys, 200 on create and delete, objects for arrays.",
    dials: {
      leakExtraKeys: true,
      createStatus: 200,
      deleteStyle: "200",
      upsertAsObject: true,
      updateAsArray: true,
      upperCaseListStatus: true,
      decryptWithoutSuccess: true,
      resetHeaderStyle: "timestamp",
    },
  },
};
