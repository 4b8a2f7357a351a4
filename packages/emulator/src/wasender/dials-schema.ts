import { z } from "zod";
import { commonShape, count, ms, rate } from "../http/common-dials.js";
import type { WasenderDials } from "./dials.js";

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
  ...commonShape,
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
