import { z } from "zod";
import type { WasenderDials } from "./dials.js";

const ms = z.number().min(0);
const count = z.number().int().min(0);
const rate = z.number().min(0).max(1);
const processed = z.boolean().optional();

const fault = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("status"),
    status: z.number().int().min(200).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    processed,
  }),
  z.strictObject({ kind: z.literal("html502"), processed }),
  z.strictObject({ kind: z.literal("redirect"), location: z.string(), processed }),
  z.strictObject({ kind: z.literal("hang"), processed }),
  z.strictObject({ kind: z.literal("drop_before") }),
  z.strictObject({ kind: z.literal("drop_after") }),
  z.strictObject({ kind: z.literal("null_body") }),
  z.strictObject({ kind: z.literal("truncated_json") }),
  z.strictObject({ kind: z.literal("garbled_json") }),
  z.strictObject({ kind: z.literal("huge_body"), bytes: count }),
  z.strictObject({ kind: z.literal("delay"), ms }),
]);

const plannedFault = z.strictObject({
  match: z.strictObject({ method: z.string().optional(), path: z.string().optional() }),
  times: count.optional(),
  fault,
});

const override = z.strictObject({
  limit: count.optional(),
  windowMs: ms.optional(),
  dailyLimit: count.nullable().optional(),
});

const shape = {
  plan: z.enum(["trial", "paid", "none"]),
  sessionLimit: count.nullable(),
  qrLifetimeMs: z.number().min(1),
  qrRefreshLimit: count.nullable(),
  scanAfterMs: ms.nullable(),
  scanAs: z.string().nullable(),
  wrongPhone: z.boolean(),
  nobodyScans: z.boolean(),
  connectDelayMs: ms,
  unlinkAfterMs: ms.nullable(),
  passkeyLifetimeMs: ms,
  passkeyFallback: z.boolean(),
  statusSequence: z.array(z.string()),
  accountProtectionMs: ms,
  rateLimits: z.strictObject({
    send: override.optional(),
    groupMetadata: override.optional(),
    groupParticipants: override.optional(),
    contactPicture: override.optional(),
    onWhatsapp: override.optional(),
  }),
  limitsHalveAfter: count.nullable(),
  limitWall: ms,
  concurrentRequests: count.nullable(),
  rateLimitHeaders: z.boolean(),
  resetHeaderStyle: z.enum(["seconds", "timestamp"]),
  retryAfter: z.enum(["body", "header", "both", "none"]),
  latencyMs: ms,
  latencyJitterMs: ms,
  failNext: z.array(plannedFault),
  lostAnswerRate: rate,
  droppedRate: rate,
  error503Rate: rate,
  html502Rate: rate,
  garbledJsonRate: rate,
  tokenRevoked: z.boolean(),
  sentAfterMs: ms,
  deliveredAfterMs: ms,
  readAfterMs: ms.nullable(),
  playedAfterMs: ms.nullable(),
  unknownNumbers: z.array(z.string()),
  sendFailureRate: rate,
  webhookDelayMs: ms,
  webhookShuffle: z.boolean(),
  webhookDoubleRate: rate,
  webhookForge: z.boolean(),
  forgedSignature: z.enum(["wrong", "missing"]),
  deafConnection: z.boolean(),
  lidAddressing: z.boolean(),
  senderPnIsLid: z.boolean(),
  webhookSyncFails: z.boolean(),
  leakExtraKeys: z.boolean(),
  createStatus: z.union([z.literal(200), z.literal(201)]),
  deleteStyle: z.enum(["204", "200"]),
  upsertAsObject: z.boolean(),
  updateAsArray: z.boolean(),
  messageTimestampStyle: z.enum(["number", "text", "long"]),
  webhookTimestampUnit: z.enum(["documented", "seconds", "milliseconds"]),
  oldSessionStatus: z.boolean(),
  upperCaseListStatus: z.boolean(),
  decryptWithoutSuccess: z.boolean(),
} satisfies Record<keyof WasenderDials, z.ZodType>;

const schema = z.strictObject(shape).partial();

/** Checks a partial set of dials and copies it, so that a caller who keeps his object cannot turn dials by accident. */
export function parseDials(input: unknown): Partial<WasenderDials> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new TypeError(`Not a set of Wasender dials.\n${z.prettifyError(parsed.error)}`);
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return structuredClone(Object.fromEntries(given)) as Partial<WasenderDials>;
}
