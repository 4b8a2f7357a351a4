import type { SessionState } from "../../src/contract/index.js";
import type { TransitionContext } from "../../src/lifecycle/policy.js";
import { dropped, expecting, opened, qr, type Step, unwanted } from "./setting.js";

/** How a row is reached, and what must come of it. The last step is the event that takes the row. */
export interface RowScenario {
  readonly row: string;
  readonly steps: readonly Step[];
  readonly to: SessionState;
  readonly reason?: string;
  readonly effects?: readonly string[];
  readonly disposition?: "recorded";
  readonly context?: Partial<TransitionContext>;
}

const wrong = { type: "opened", identity: { id: "+15550999" } } as const;
const connecting: Step[] = ["start"];
const pairing: Step[] = ["pair", qr];
const connected: Step[] = ["start", opened];
const reconnecting: Step[] = [...connected, dropped("transient")];
const attempting: Step[] = [...reconnecting, "reconnectDue"];
const waiting: Step[] = ["start", { type: "asked" }];
const unlinking: Step[] = [...connected, "logout"];
const closing: Step[] = [...connected, "close"];
const threeCodes: Step[] = [...pairing, qr, qr];
const reopen = ["abandon", "open"];

export const rowScenarios: readonly RowScenario[] = [
  { row: "start", steps: ["start"], to: "connecting", reason: "start_requested", effects: reopen },
  { row: "pair", steps: ["pair"], to: "connecting", reason: "pairing_requested", effects: reopen },
  {
    row: "resume",
    steps: [...connected, "suspend", "resume"],
    to: "connecting",
    reason: "resume_requested",
    effects: reopen,
  },
  { row: "start.already", steps: [...reconnecting, "start"], to: "reconnecting", reason: "transient_trouble" },
  { row: "pair.already", steps: [...connected, "pair"], to: "connected" },
  { row: "pair.attach", steps: [...connecting, "pair"], to: "connecting", reason: "start_requested", effects: reopen },
  { row: "pair.attached", steps: ["pair", "pair"], to: "connecting", reason: "pairing_requested" },
  { row: "pair.join", steps: [...pairing, "pair"], to: "pairing" },
  {
    row: "cancelPairing",
    steps: [...pairing, "cancelPairing"],
    to: "unlinked",
    reason: "pairing_cancelled",
    effects: ["abandon", "withdrawPairing"],
  },
  {
    row: "cancelPairing.early",
    steps: ["pair", "cancelPairing"],
    to: "unlinked",
    reason: "pairing_cancelled",
    effects: ["abandon", "withdrawPairing"],
  },
  {
    row: "cancelPairing.detach",
    steps: [...reconnecting, "pair", "cancelPairing"],
    to: "reconnecting",
    reason: "transient_trouble",
  },
  {
    row: "suspend",
    steps: [...connected, "suspend"],
    to: "suspended",
    reason: "by_caller",
    effects: ["abandon", "suspendRemote"],
  },
  {
    row: "suspend.already",
    steps: [...connected, dropped("yield"), "suspend"],
    to: "suspended",
    reason: "by_provider",
  },
  {
    row: "logout",
    steps: [...connected, "logout"],
    to: "closing",
    reason: "unlink",
    effects: ["abandon", "closeRemote"],
  },
  { row: "logout.already", steps: [...unlinking, "logout"], to: "closing", reason: "unlink" },
  { row: "close", steps: ["close"], to: "closing", reason: "terminate", effects: ["closeRemote"] },
  {
    row: "close.instead",
    steps: [...unlinking, "close"],
    to: "closing",
    reason: "terminate",
    effects: ["abandon", "closeRemote"],
  },
  { row: "close.already", steps: [...closing, "close"], to: "closing", reason: "terminate" },
  { row: "restart", steps: [...connected, dropped("fatal"), "restart"], to: "created", effects: ["abandon"] },

  { row: "challenge", steps: pairing, to: "pairing" },
  { row: "challenge.refreshed", steps: [...pairing, qr], to: "pairing" },
  {
    row: "challenge.tooMany",
    steps: [...threeCodes, qr],
    to: "unlinked",
    reason: "pairing_timeout",
    effects: ["abandon"],
  },
  {
    row: "challenge.unwatched",
    steps: [...connecting, qr],
    to: "unlinked",
    reason: "provider_requires_pairing",
    effects: ["abandon"],
  },
  {
    row: "challenge.unexpected",
    steps: [...connected, qr],
    to: "unlinked",
    reason: "provider_requires_pairing",
    effects: ["abandon"],
  },
  {
    row: "challengeExpired",
    steps: [...pairing, { type: "challengeExpired" }],
    to: "pairing",
    effects: ["refreshChallenge"],
  },
  {
    row: "challengeExpired.tooMany",
    steps: [...threeCodes, { type: "challengeExpired" }],
    to: "unlinked",
    reason: "pairing_timeout",
    effects: ["abandon"],
  },
  { row: "paired", steps: [...pairing, { type: "paired" }], to: "connecting", reason: "post_pairing" },
  { row: "opened", steps: connected, to: "connected" },
  {
    row: "opened.unprompted",
    steps: [...connected, { type: "unlinked", reason: "logged_out" }, opened],
    to: "connected",
  },
  { row: "opened.again", steps: [...connected, opened], to: "connected" },
  {
    row: "opened.mismatch",
    steps: [expecting("+15550100"), ...pairing, wrong],
    to: "unlinked",
    reason: "identity_mismatch",
    effects: ["abandon"],
  },
  { row: "asked", steps: waiting, to: "waiting" },
  { row: "asked.again", steps: [...waiting, { type: "asked" }], to: "waiting" },
  { row: "dropped.transient", steps: reconnecting, to: "reconnecting", reason: "transient_trouble" },
  { row: "dropped.bounded", steps: [...connected, dropped("bounded")], to: "reconnecting", reason: "bounded_trouble" },
  {
    row: "dropped.budget",
    steps: [...connected, dropped("bounded"), "reconnectDue", dropped("bounded"), "reconnectDue", dropped("bounded")],
    to: "failed",
    reason: "retry_budget",
    effects: ["abandon"],
  },
  {
    row: "dropped.progress",
    steps: [...pairing, dropped("progress")],
    to: "connecting",
    reason: "restart_required",
    effects: reopen,
  },
  {
    row: "dropped.progressRepeated",
    steps: [...connected, dropped("progress"), dropped("progress")],
    to: "reconnecting",
    reason: "progress_trouble",
  },
  {
    row: "dropped.yield",
    steps: [...connected, dropped("yield")],
    to: "suspended",
    reason: "by_provider",
    effects: ["abandon"],
  },
  {
    row: "dropped.fatal",
    steps: [...connected, dropped("fatal")],
    to: "failed",
    reason: "fatal_trouble",
    effects: ["abandon"],
  },
  {
    row: "dropped.unwanted",
    steps: [...connected, unwanted, dropped("bounded")],
    to: "suspended",
    reason: "by_caller",
    effects: ["abandon"],
  },
  { row: "dropped.pairing", steps: [...pairing, dropped("transient")], to: "pairing" },
  { row: "dropped.pairingBounded", steps: [...pairing, dropped("bounded")], to: "pairing" },
  { row: "dropped.waiting", steps: [...waiting, dropped("fatal")], to: "waiting" },
  {
    row: "unlinked",
    steps: [...connected, { type: "unlinked", reason: "credentials_expired" }],
    to: "unlinked",
    reason: "credentials_expired",
    effects: ["abandon"],
  },
  {
    row: "paused",
    steps: [...connected, { type: "paused", reason: "inactive" }],
    to: "suspended",
    reason: "by_provider",
    effects: ["abandon"],
  },
  { row: "answered", steps: [...waiting, { type: "answered" }], to: "completed", effects: ["abandon"] },
  { row: "rejectedRemote", steps: [...waiting, { type: "rejectedRemote" }], to: "rejected", effects: ["abandon"] },
  {
    row: "expiredRemote",
    steps: [...waiting, { type: "expiredRemote" }],
    to: "expired",
    reason: "by_provider",
    effects: ["abandon"],
  },
  {
    row: "failedRemote",
    steps: [...waiting, { type: "failedRemote", reason: "no_route" }],
    to: "failed",
    reason: "no_route",
    effects: ["abandon"],
  },
  {
    row: "closing.unlinked",
    steps: [...unlinking, { type: "logoutAck" }],
    to: "unlinked",
    reason: "logged_out",
    effects: ["abandon", "wipeCredentials"],
  },
  {
    row: "closing.gone",
    steps: [...closing, { type: "remoteClosed" }],
    to: "terminated",
    reason: "closed",
    effects: ["abandon", "wipeCredentials"],
  },
  {
    row: "remoteClosed",
    steps: [...connected, { type: "remoteClosed" }],
    to: "terminated",
    reason: "remote_closed",
    effects: ["abandon"],
  },
  {
    row: "notFound",
    steps: [...connected, { type: "notFound" }],
    to: "terminated",
    reason: "not_found",
    effects: ["abandon"],
  },
  {
    row: "health",
    steps: [...connected, { type: "healthChanged", health: { status: "degraded", signals: ["device_offline"] } }],
    to: "connected",
  },
  {
    row: "restrictions",
    steps: [...connected, { type: "restrictionChanged", restrictions: [{ kind: "quota", scope: "send" }] }],
    to: "connected",
  },

  { row: "connectDeadline", steps: [...connecting, "connectDeadline"], to: "reconnecting", reason: "timeout" },
  { row: "livenessDue", steps: [...connected, "livenessDue"], to: "reconnecting", reason: "deaf" },
  { row: "livenessDue.fresh", steps: [...connected, 89_950, { type: "livenessDue" }], to: "connected" },
  { row: "livenessDue.waiting", steps: [...waiting, "livenessDue"], to: "waiting", effects: reopen },
  { row: "reconnectDue", steps: attempting, to: "reconnecting", reason: "transient_trouble", effects: reopen },
  {
    row: "reconnectDue.inside",
    steps: [...pairing, dropped("transient"), "reconnectDue"],
    to: "pairing",
    effects: reopen,
  },
  {
    row: "connectDeadline.unwanted",
    steps: [...connecting, unwanted, "connectDeadline"],
    to: "suspended",
    reason: "by_caller",
    effects: ["abandon"],
  },
  {
    row: "livenessDue.unwanted",
    steps: [...connected, unwanted, "livenessDue"],
    to: "suspended",
    reason: "by_caller",
    effects: ["abandon"],
  },
  {
    row: "reconnectDue.unwanted",
    steps: [...reconnecting, unwanted, "reconnectDue"],
    to: "suspended",
    reason: "by_caller",
    effects: ["abandon"],
  },
  { row: "challengeDue", steps: [...pairing, "challengeDue"], to: "pairing", effects: ["refreshChallenge"] },
  {
    row: "challengeDue.tooMany",
    steps: [...threeCodes, "challengeDue"],
    to: "unlinked",
    reason: "pairing_timeout",
    effects: ["abandon"],
  },
  {
    row: "pairingDeadline",
    steps: [...pairing, "pairingDeadline"],
    to: "unlinked",
    reason: "pairing_timeout",
    effects: ["abandon"],
  },
  {
    row: "resumeDue",
    steps: [...connected, { type: "paused", reason: "ban", untilMs: 1_700_000_600_000 }, "resumeDue"],
    to: "connecting",
    reason: "pause_ended",
    effects: reopen,
  },
  {
    row: "closeDeadline.terminate",
    steps: [...closing, "closeDeadline"],
    to: "terminated",
    reason: "unconfirmed",
    effects: ["abandon"],
  },
  {
    row: "closeDeadline.unlink",
    steps: [...unlinking, "closeDeadline"],
    to: "suspended",
    reason: "logout_unconfirmed",
    effects: ["abandon"],
  },
  {
    row: "ttlDue",
    steps: [(snapshot) => ({ ...snapshot, timers: { ttlDue: 1_700_000_060_000 } }), "ttlDue"],
    to: "expired",
    reason: "ttl",
  },
  {
    row: "ttlDue.closing",
    steps: [(snapshot) => ({ ...snapshot, timers: { ttlDue: 1_700_000_001_000 } }), ...closing, "ttlDue"],
    to: "closing",
    reason: "terminate",
  },
  { row: "restored", steps: [...connected, "restored"], to: "reconnecting", reason: "restored" },
  { row: "restored.pairing", steps: [...pairing, "restored"], to: "connecting", reason: "restored", effects: reopen },
  {
    row: "restored.pairingPast",
    steps: [...pairing, 180_000, "restored"],
    to: "unlinked",
    reason: "pairing_timeout",
    effects: ["abandon"],
  },
  {
    row: "restored.unwanted",
    steps: [...connected, unwanted, "restored"],
    to: "suspended",
    reason: "by_caller",
    effects: ["abandon"],
  },
  { row: "restored.waiting", steps: [...waiting, "restored"], to: "waiting" },
  {
    row: "restored.closing",
    steps: [...closing, "restored"],
    to: "closing",
    reason: "terminate",
    effects: ["abandon", "closeRemote"],
  },
];
