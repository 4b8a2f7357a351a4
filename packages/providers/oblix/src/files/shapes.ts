import type { JsonValue } from "@colloquy/core/contract";
import { z } from "zod";

/** Deeper than this no program nests on purpose; a store that copies it would run out of stack. */
const deepest = 64;

function isShallow(value: unknown, left: number = deepest): boolean {
  if (typeof value !== "object" || value === null) return true;
  return left > 0 && Object.values(value).every((inner) => isShallow(inner, left - 1));
}

const anyJson: z.ZodType<JsonValue> = z.custom<JsonValue>((value) => value !== undefined && isShallow(value));

export const jsonObject: z.ZodType<Readonly<Record<string, JsonValue>>> = z.custom<Readonly<Record<string, JsonValue>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value) && isShallow(value),
);

/** Only ever compared, never a path: but it must be text that every store can hold. */
export const idText: z.ZodType<string> = z
  .string()
  .min(1)
  .max(256)
  .refine((id) => id.isWellFormed() && !/\p{Cc}/u.test(id));

const instant: z.ZodType<number> = z.number().min(0).max(8.64e15);

interface ExportedLineage {
  readonly copiedFrom?: string | undefined;
  readonly forkedAtSeq?: number | undefined;
  readonly mergedFrom?: readonly string[] | undefined;
  readonly importedFrom?: string | undefined;
}

export interface ExportedConversation {
  readonly id: string;
  readonly ownerId?: string | undefined;
  readonly title: string;
  readonly context: Readonly<Record<string, JsonValue>>;
  readonly metadata: Readonly<Record<string, JsonValue>>;
  readonly lineage: ExportedLineage;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly expiresAtMs?: number | undefined;
  readonly isEncrypted?: boolean | undefined;
}

export interface ExportedMessage {
  readonly id: string;
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
  readonly parts?: readonly JsonValue[] | undefined;
  readonly toolCalls?:
    | readonly { readonly id: string; readonly name: string; readonly arguments: JsonValue }[]
    | undefined;
  readonly toolCallId?: string | undefined;
  readonly name?: string | undefined;
  readonly status: "complete" | "streaming" | "failed" | "aborted";
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly model?: string | undefined;
  readonly usage?:
    | {
        readonly inputTokens?: number | undefined;
        readonly outputTokens?: number | undefined;
        readonly cachedTokens?: number | undefined;
      }
    | undefined;
  readonly atMs: number;
  readonly metadata?: Readonly<Record<string, JsonValue>> | undefined;
  readonly sourceId?: string | undefined;
}

export type PartialMessage = { readonly [Field in keyof ExportedMessage]?: ExportedMessage[Field] | undefined };

const lineageShape = z.object({
  copiedFrom: idText.optional(),
  forkedAtSeq: z.int().min(0).optional(),
  mergedFrom: z.array(idText).optional(),
  importedFrom: idText.optional(),
});

export const exportedConversation: z.ZodType<ExportedConversation> = z.object({
  id: idText,
  ownerId: idText.optional(),
  title: z.string(),
  context: jsonObject,
  metadata: jsonObject,
  lineage: lineageShape,
  createdAtMs: instant,
  updatedAtMs: instant,
  expiresAtMs: instant.optional(),
  isEncrypted: z.boolean().optional(),
});

const usageShape = z.object({
  inputTokens: z.number().min(0).optional(),
  outputTokens: z.number().min(0).optional(),
  cachedTokens: z.number().min(0).optional(),
});

const messageShape = z.object({
  id: idText,
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
  parts: z.array(anyJson).optional(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: anyJson })).optional(),
  toolCallId: z.string().optional(),
  name: z.string().optional(),
  status: z.enum(["complete", "streaming", "failed", "aborted"]),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  model: z.string().optional(),
  usage: usageShape.optional(),
  atMs: instant,
  metadata: jsonObject.optional(),
  sourceId: idText.optional(),
});

export const exportedMessage: z.ZodType<ExportedMessage> = messageShape;
export const partialMessage: z.ZodType<PartialMessage> = messageShape.partial();
