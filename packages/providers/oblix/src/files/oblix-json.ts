import type { Conversation, TranscriptMessage } from "@colloquy/core";
import type { JsonValue } from "@colloquy/core/contract";
import { z } from "zod";
import { isRecord } from "../json.js";
import { placesOf } from "./jsonl.js";
import { wrongFile } from "./line-reader.js";
import type { ReadConversation, ReadMessage } from "./read-conversation.js";
import { idText, jsonObject, partialMessage } from "./shapes.js";

/** Five keys are what Oblix itself asks of a file. */
const record = z.looseObject({
  id: idText,
  title: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  messages: z.array(z.unknown()),
  context: jsonObject.nullish(),
  metadata: jsonObject.nullish(),
});

/** What our messages have and Oblix's do not stands under a key of our own, which Oblix leaves alone. */
const ownKey = "colloquy";

export function isOblixRecord(value: unknown): boolean {
  return isRecord(value) && "messages" in value && "created_at" in value && "title" in value;
}

/** Reads a session file of Oblix. Throws `INPUT_INVALID` for what is none. */
export function readOblix(value: unknown): ReadConversation {
  const read = record.safeParse(value);
  if (!read.success) throw wrongFile(`it is no session of Oblix (${placesOf(read.error)})`);
  const { id, title, created_at, updated_at, messages, context, metadata } = read.data;
  const createdAtMs = instantOf(created_at) ?? instantOf(updated_at) ?? 0;
  const updatedAtMs = Math.max(createdAtMs, instantOf(updated_at) ?? 0);
  let lastAtMs = createdAtMs;
  const readMessages = messages.map((message, place) => {
    const found = messageOf(message, lastAtMs, place);
    lastAtMs = found.atMs;
    return found;
  });
  return {
    conversation: {
      id,
      title,
      context: context ?? {},
      metadata: metadata ?? {},
      lineage: {},
      createdAtMs,
      updatedAtMs,
    },
    messages: each(readMessages),
  };
}

/** A session as Oblix writes it: pretty-printed, with 2 spaces. Sequence numbers and revisions stay behind. */
export function writeOblix(conversation: Conversation, messages: readonly TranscriptMessage[]): string {
  const { id, title, createdAtMs, updatedAtMs, context, metadata } = conversation;
  const written = {
    id,
    title,
    created_at: writtenInstant(createdAtMs),
    updated_at: writtenInstant(updatedAtMs),
    messages: messages.map(writtenMessage),
    context,
    metadata,
  };
  return `${JSON.stringify(written, undefined, 2)}\n`;
}

function writtenMessage(message: TranscriptMessage): JsonValue {
  const { conversationId: _id, seq: _seq, revision: _revision, id, role, content, atMs, sourceId, ...rest } = message;
  const { status, ...more } = rest;
  const extra = { ...(status === "complete" ? {} : { status }), ...more };
  return {
    id,
    role,
    content,
    timestamp: writtenInstant(atMs),
    ...(sourceId === undefined ? {} : { source_session_id: sourceId }),
    ...(Object.keys(extra).length > 0 ? { [ownKey]: JSON.parse(JSON.stringify(extra)) as JsonValue } : {}),
  };
}

/** Nothing of a message but its role has to be right: what Oblix stored of itself it must be able to read. */
function messageOf(value: unknown, lastAtMs: number, place: number): ReadMessage {
  if (!isRecord(value)) throw wrongFile(`message ${place + 1} is no object`);
  const role = value["role"];
  if (role !== "user" && role !== "assistant" && role !== "system" && role !== "tool")
    throw wrongFile(`message ${place + 1} has no role that is known`);
  const id = idText.safeParse(value["id"]);
  const source = idText.safeParse(value["source_session_id"]);
  const content = value["content"];
  const extra = partialMessage.safeParse(value[ownKey]);
  return {
    ...(extra.success ? (definedOf(extra.data) as Partial<ReadMessage>) : {}),
    ...(id.success ? { id: id.data } : {}),
    role,
    content: typeof content === "string" ? content : content === undefined ? "" : JSON.stringify(content),
    status: (extra.success ? extra.data.status : undefined) ?? "complete",
    atMs: instantOf(value["timestamp"]) ?? lastAtMs,
    ...(source.success ? { sourceId: source.data } : {}),
  };
}

function definedOf<Shape extends object>(shape: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Shape;
}

/** `2023-07-15T14:30:22.123456+00:00`, with `Z`, or without a zone, which then is UTC. */
function instantOf(written: unknown): number | undefined {
  if (typeof written !== "string" || !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(written)) return undefined;
  const atMs = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(written) ? written : `${written}Z`);
  return Number.isNaN(atMs) || atMs < 0 ? undefined : atMs;
}

const writtenInstant = (atMs: number): string => new Date(atMs).toISOString().replace("Z", "+00:00");

async function* each<Value>(values: readonly Value[]): AsyncGenerator<Value> {
  yield* values;
}
