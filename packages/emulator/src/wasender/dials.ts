import { type CommonDials, commonDefaults } from "../http/common-dials.js";
import type { BucketName } from "./limit-table.js";

/** Replaces parts of one bucket of the limit table. */
export interface RateLimitOverride {
  limit?: number;
  windowMs?: number;
  /** Null takes the daily quota away. */
  dailyLimit?: number | null;
}

/** The weather of the emulated provider. Every dial can be turned while it runs. Durations are milliseconds. */
export interface WasenderDials extends CommonDials {
  /** Which limits and refusals apply. Default "paid". */
  plan: "trial" | "paid" | "none";
  /** How many sessions may exist; null for no limit. Default null (a trial has 1 all the same). */
  sessionLimit: number | null;

  /** How long a QR code can be scanned before a fresh one takes its place. Default 45,000. */
  qrLifetimeMs: number;
  /** Fresh codes after the first one, before the session expires; null for no end. Default 5. */
  qrRefreshLimit: number | null;
  /** The code is scanned by itself so long after it is shown, once per connect; null to wait for a person. Default null. */
  scanAfterMs: number | null;
  /** The phone number that scans, unless a scan names one; null for the session's own. Default null. */
  scanAs: string | null;
  /** Some other phone scans instead of the session's own. Default false. */
  wrongPhone: boolean;
  /** No scan happens by itself, whatever `scanAfterMs` says. Default false. */
  nobodyScans: boolean;
  /** Time in `connecting` after a scan, a restart or the return of the network. Default 300. */
  connectDelayMs: number;
  /** The phone unlinks so long after connecting; null for never. Default null. */
  unlinkAfterMs: number | null;
  /** How long a passkey request can be answered. Default 120,000. */
  passkeyLifetimeMs: number;
  /** Linking by passkey falls back to a QR code. Default false. */
  passkeyFallback: boolean;
  /** Words that the next `GET /status` answers use, one each, before the truth returns. Default none. */
  statusSequence: string[];

  /** With account protection on, one message per so many ms. Default 5,000. */
  accountProtectionMs: number;
  /** Overrides per bucket: send, groupMetadata, groupParticipants, contactPicture, onWhatsapp. Default none. */
  rateLimits: Partial<Record<BucketName, RateLimitOverride>>;
  /** After so many accepted messages every limit is half of what it was; null for never. Default null. */
  limitsHalveAfter: number | null;
  /** From the moment this is set, every send is refused with 429 for so long. Default 0. */
  limitWall: number;
  /** Requests of one session under way at once before 429; null for no cap. Default null. */
  concurrentRequests: number | null;
  /** Send X-RateLimit-* headers on limited routes. Default true. */
  rateLimitHeaders: boolean;
  /** What X-RateLimit-Reset holds: seconds to go, or a Unix time in seconds. Default "seconds". */
  resetHeaderStyle: "seconds" | "timestamp";
  /** Where a 429 says how long to wait: `retry_after` in the body, a Retry-After header, both, or nowhere. Default "body". */
  retryAfter: "body" | "header" | "both" | "none";

  /** Personal access tokens are no longer accepted. Default false. */
  tokenRevoked: boolean;

  /** Time from acceptance to `sent`. Default 50. */
  sentAfterMs: number;
  /** Time from acceptance to `delivered`. Default 150. */
  deliveredAfterMs: number;
  /** Time from acceptance to `read`; null when nobody reads. Default 400. */
  readAfterMs: number | null;
  /** Time from acceptance to `played`, for voice messages; null when nobody listens. Default null. */
  playedAfterMs: number | null;
  /** Numbers that are not on WhatsApp: messages to them fail. Default none. */
  unknownNumbers: string[];
  /** Share (0 to 1) of accepted messages that fail all the same instead of leaving. Default 0. */
  sendFailureRate: number;

  /** Webhooks leave so much later. Default 0. */
  webhookDelayMs: number;
  /** Webhooks overtake each other. Default false. */
  webhookShuffle: boolean;
  /** Share of webhooks delivered twice. Default 0. */
  webhookDoubleRate: number;
  /** Before every webhook a forged one arrives, with a wrong signature. Default false. */
  webhookForge: boolean;
  /** What a forged webhook has for a signature: a wrong one, or no header at all. Default "wrong". */
  forgedSignature: "wrong" | "missing";
  /** The session looks connected, but no webhook is delivered. Default false. */
  deafConnection: boolean;
  /** Inbound messages carry a LID in `remoteJid` instead of the phone number. Default true. */
  lidAddressing: boolean;
  /** With LID addressing, `senderPn` and `participantPn` hold the LID, too; only the cleaned number is one. Default false. */
  senderPnIsLid: boolean;
  /** Updating webhook settings of a connected session answers with a warning. Default false. */
  webhookSyncFails: boolean;

  /** Session objects carry the undocumented `user_id`, `session_data` and `last_active_at`. Default false. */
  leakExtraKeys: boolean;
  /** HTTP status of a created session. Default 201. */
  createStatus: 200 | 201;
  /** Answer to deleting a session: empty 204, or 200 with `{"success": true}`. Default "204". */
  deleteStyle: "204" | "200";
  /** `messages.upsert` holds one object instead of an array. Default false. */
  upsertAsObject: boolean;
  /** `messages.update` holds an array instead of one object. Default false. */
  updateAsArray: boolean;
  /** How `messageTimestamp` of an inbound message is written: 1, "1", or {low, high, unsigned}. Default "number". */
  messageTimestampStyle: "number" | "text" | "long";
  /** Unit of the envelope's `timestamp`: as documented per event, or the same for all. Default "documented". */
  webhookTimestampUnit: "documented" | "seconds" | "milliseconds";
  /** `session.status` names the session in `data.session_id` instead of beside the data. Default false. */
  oldSessionStatus: boolean;
  /** Rows of the session list say `DISCONNECTED` instead of `disconnected`. Default false. */
  upperCaseListStatus: boolean;
  /** `POST /decrypt-media` answers without the `success` key, as older documentation prints it. Default false. */
  decryptWithoutSuccess: boolean;
}

export function defaultDials(): WasenderDials {
  return {
    plan: "paid",
    sessionLimit: null,
    qrLifetimeMs: 45_000,
    qrRefreshLimit: 5,
    scanAfterMs: null,
    scanAs: null,
    wrongPhone: false,
    nobodyScans: false,
    connectDelayMs: 300,
    unlinkAfterMs: null,
    passkeyLifetimeMs: 120_000,
    passkeyFallback: false,
    statusSequence: [],
    accountProtectionMs: 5_000,
    rateLimits: {},
    limitsHalveAfter: null,
    limitWall: 0,
    concurrentRequests: null,
    rateLimitHeaders: true,
    resetHeaderStyle: "seconds",
    retryAfter: "body",
    ...commonDefaults(),
    tokenRevoked: false,
    sentAfterMs: 50,
    deliveredAfterMs: 150,
    readAfterMs: 400,
    playedAfterMs: null,
    unknownNumbers: [],
    sendFailureRate: 0,
    webhookDelayMs: 0,
    webhookShuffle: false,
    webhookDoubleRate: 0,
    webhookForge: false,
    forgedSignature: "wrong",
    deafConnection: false,
    lidAddressing: true,
    senderPnIsLid: false,
    webhookSyncFails: false,
    leakExtraKeys: false,
    createStatus: 201,
    deleteStyle: "204",
    upsertAsObject: false,
    updateAsArray: false,
    messageTimestampStyle: "number",
    webhookTimestampUnit: "documented",
    oldSessionStatus: false,
    upperCaseListStatus: false,
    decryptWithoutSuccess: false,
  };
}
