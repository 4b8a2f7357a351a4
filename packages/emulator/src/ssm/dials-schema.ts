import { z } from "zod";
import type { SsmDials } from "./dials.js";

const ms = z.number().min(0);
const atLeastOne = z.number().min(1);
const count = z.number().int().min(1);
const rate = z.number().min(0).max(1);

const shape = {
  agentVersion: z.string(),
  encryption: z.boolean(),
  kmsKeyId: z.string().min(1),
  requireKmsChallenge: z.boolean(),
  handshake: z.enum(["when_needed", "always"]),
  withhold: z.enum(["nothing", "handshake_request", "handshake_complete"]),
  handshakeTimeoutMs: atLeastOne,
  customerMessage: z.string(),
  terminal: z.enum(["auto", "python3", "script", "none"]),
  firstOutputDelayMs: ms,
  sizeWaitMs: ms,
  frameBytes: z.number().int().min(4).max(4_194_304),
  windowFrames: z.number().int().min(1).max(9_000),
  resend: z.enum(["window", "oldest"]),
  resendEveryMs: z.number().min(10),
  presumeDeliveredAfter: count,
  drainLimitMs: ms,
  direction: z.enum(["both", "output", "input"]),
  dropRate: rate,
  duplicateRate: rate,
  reorderRate: rate,
  reorderDepth: count,
  reorderHoldMs: atLeastOne,
  lostAckRate: rate,
  garbageRate: rate,
  lethalGarbage: z.boolean(),
  latencyMs: ms,
  bytesPerSecond: atLeastOne.nullable(),
  closeEveryMs: atLeastOne.nullable(),
  cutEveryMs: atLeastOne.nullable(),
  cutEveryFrames: count.nullable(),
  deaf: z.boolean(),
  pauseEveryMs: atLeastOne.nullable(),
  pauseForMs: atLeastOne,
  shortServiceHeaders: z.boolean(),
  resumeAnswer: z.enum(["token", "no_token", "revoked_token", "denied", "unavailable"]),
  targetConnected: z.boolean(),
  kmsRefuses: z.boolean(),
  signatures: z.enum(["ignored", "required", "verified"]),
} satisfies Record<keyof SsmDials, z.ZodType>;

const schema = z.strictObject(shape).partial();

/** Checks a partial set of dials and copies it. Throws `TypeError` for a dial or a value that does not exist. */
export function parseSsmDials(input: unknown): Partial<SsmDials> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new TypeError(`Not a set of SSM dials.\n${z.prettifyError(parsed.error)}`);
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return structuredClone(Object.fromEntries(given)) as Partial<SsmDials>;
}
