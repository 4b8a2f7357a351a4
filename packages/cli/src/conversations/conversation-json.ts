import type { Conversation, SearchHit, TranscriptMessage } from "@colloquy/core";
import { inWords } from "../durations.js";
import type { Fields } from "../output/output.js";
import { printable } from "../output/printable.js";
import { table } from "../output/table.js";

/** A conversation as every command's JSON tells it. */
export function conversationJson(conversation: Conversation): Fields {
  const { id, title, messageCount, createdAtMs, updatedAtMs, metadata, lineage, isEncrypted, revision } = conversation;
  const owner = conversation.ownerId === undefined ? {} : { ownerId: conversation.ownerId };
  return { id, title, messageCount, createdAtMs, updatedAtMs, metadata, lineage, isEncrypted, revision, ...owner };
}

export function messageJson({ conversationId: _in, ...message }: TranscriptMessage): Fields {
  return { ...message };
}

export function hitJson({ conversation, message, snippet, score }: SearchHit): Fields {
  return {
    conversationId: conversation.id,
    title: conversation.title,
    ...(message === undefined ? {} : { messageId: message.id, seq: message.seq, role: message.role }),
    snippet,
    score,
  };
}

export function conversationTable(conversations: readonly Conversation[], nowMs: number): string {
  return table(
    ["ID", "MESSAGES", "CHANGED", "TITLE"],
    conversations.map(({ id, messageCount, updatedAtMs, title }) => [
      id,
      String(messageCount),
      `${inWords(Math.max(0, nowMs - updatedAtMs))} ago`,
      printable(title),
    ]),
  );
}

export function messageLine({ seq, role, content, status, error }: TranscriptMessage): string {
  const mark = status === "complete" ? "" : ` [${status}${error === undefined ? "" : `: ${error.code}`}]`;
  return `${String(seq).padStart(4)} ${role}${mark}: ${printable(content)}`;
}

export function hitLine({ conversation, message, snippet }: SearchHit): string {
  const place = message === undefined ? "title" : `message ${message.seq}, ${message.role}`;
  return `${conversation.id}  ${printable(conversation.title)} (${place})\n    ${printable(snippet)}`;
}
