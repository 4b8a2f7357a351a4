import type { Conversation, ConversationSeal, TranscriptMessage } from "@colloquy/core";
import type { Found } from "./shelf.js";
import type { ConversationBody, Line, Row } from "./transcript-fold.js";

/** Its own copy. */
export function conversationOf({ id, state, line, seal }: Found): Conversation {
  const { salt, ...known } = line;
  const { body } = state;
  const text = typeof body === "string" ? (seal?.open("body", body) ?? "{}") : JSON.stringify(body);
  return {
    ...(JSON.parse(text) as ConversationBody),
    ...known,
    id,
    isEncrypted: salt !== undefined,
    messageCount: state.rows.length,
  };
}

export function closeBody(
  seal: ConversationSeal | undefined,
  { title, context, metadata, lineage }: Conversation,
): ConversationBody | string {
  const body: ConversationBody = { title, context, metadata, lineage };
  return seal ? seal.close("body", JSON.stringify(body)) : body;
}

/** Its own copy. */
export function messageOf({ id, seal }: Pick<Found, "id" | "seal">, { seq, value }: Row): TranscriptMessage {
  const text = typeof value === "string" ? (seal?.open(`message ${seq}`, value) ?? "{}") : JSON.stringify(value);
  return { ...(JSON.parse(text) as TranscriptMessage), conversationId: id, seq };
}

export function rowOf(seal: ConversationSeal | undefined, message: TranscriptMessage): Row {
  const { conversationId: _conversation, seq, ...value } = message;
  const kept = seal ? seal.close(`message ${seq}`, JSON.stringify(value)) : value;
  return { seq, id: message.id, value: kept };
}

/** What a list shows of it. */
export function lineOf(
  { ownerId, sessionId, createdAtMs, updatedAtMs, expiresAtMs, revision, lastSeq }: Conversation,
  salt: string | undefined,
): Line {
  return {
    ...(ownerId === undefined ? {} : { ownerId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(salt === undefined ? {} : { salt }),
    createdAtMs,
    updatedAtMs,
    revision,
    lastSeq,
  };
}
