import { createHash } from "node:crypto";
import {
  type AppendOptions,
  type ConversationId,
  canonicalText,
  changedMessage,
  checkId,
  checkInstant,
  checkMessageChange,
  checkMessages,
  checkRevision,
  conversationConflict,
  invalid,
  isEdit,
  limitOf,
  type MessageChange,
  type MessageChangeOptions,
  type MessagePage,
  type MessageQuery,
  messageNotFound,
  type NewTranscriptMessage,
  newMessageRow,
  type TranscriptChangeOptions,
  type TranscriptMessage,
} from "@colloquy/core";
import { messageOf, rowOf } from "./row-values.js";
import { type Shelf } from "./shelf.js";
import { firstBeyond, type Line, type Row } from "./transcript-fold.js";

export async function appendMessages(
  shelf: Shelf,
  id: ConversationId,
  given: readonly NewTranscriptMessage[],
  { atMs, operationId }: AppendOptions,
): Promise<readonly TranscriptMessage[]> {
  checkMessages(given);
  checkInstant("atMs", atMs);
  if (operationId !== undefined) checkId("an operation", operationId);
  const text = JSON.stringify(given);
  const digest = createHash("sha256").update(canonicalText(given)).digest("base64");
  return shelf.change(id, (found) => {
    const { state, line, seal } = found;
    const messages = JSON.parse(text) as NewTranscriptMessage[];
    const result = (): readonly TranscriptMessage[] =>
      messages.flatMap((message) => {
        const row = state.byId.get(message.id);
        return row ? [messageOf(found, row)] : [];
      });
    const known = operationId === undefined ? undefined : state.operations.get(operationId);
    if (known === digest) return { result };
    if (known !== undefined) throw conversationConflict(id, `knows operation ${operationId} with other messages`);
    const seen = new Set<string>();
    let { lastSeq } = line;
    const put: Row[] = [];
    for (const message of messages) {
      if (seen.has(message.id) || state.byId.has(message.id)) continue;
      seen.add(message.id);
      put.push(rowOf(seal, newMessageRow(id, ++lastSeq, message)));
    }
    if (put.length === 0 && operationId === undefined && atMs <= line.updatedAtMs) return { result };
    const operation = operationId === undefined ? {} : { operation: [operationId, digest] as const };
    return { event: { line: { ...touched(line, atMs), lastSeq }, put, ...operation }, result };
  });
}

export async function readPage(shelf: Shelf, id: ConversationId, query: MessageQuery = {}): Promise<MessagePage> {
  const { from = "oldest", after } = query;
  const most = limitOf(query.limit, 100, 10_000);
  const page = await shelf.read(id, (found): MessagePage => {
    const { rows } = found.state;
    const isForward = from === "oldest";
    const edge = isForward ? firstBeyond(rows, after ?? 0) : firstBeyond(rows, (after ?? Number.POSITIVE_INFINITY) - 1);
    const [start, end] = isForward ? [edge, edge + most] : [Math.max(0, edge - most), edge];
    const taken = rows.slice(start, end);
    const last = isForward ? taken.at(-1) : taken[0];
    const hasMore = isForward ? end < rows.length : start > 0;
    return {
      messages: taken.map((row) => messageOf(found, row)),
      ...(last && hasMore ? { cursor: last.seq } : {}),
    };
  });
  return page ?? { messages: [] };
}

export function readMessage(
  shelf: Shelf,
  id: ConversationId,
  messageId: string,
): Promise<TranscriptMessage | undefined> {
  return shelf.read(id, (found) => {
    const row = found.state.byId.get(messageId);
    return row && messageOf(found, row);
  });
}

export async function changeMessage(
  shelf: Shelf,
  id: ConversationId,
  messageId: string,
  given: MessageChange,
  { atMs, ifRevision }: MessageChangeOptions,
): Promise<TranscriptMessage> {
  checkMessageChange(messageId, given);
  checkInstant("atMs", atMs);
  const change = JSON.parse(JSON.stringify(given)) as MessageChange;
  return shelf.change(id, (found) => {
    const row = found.state.byId.get(messageId);
    if (!row) throw messageNotFound(id, messageId);
    const before = messageOf(found, row);
    const after = changedMessage(before, change, ifRevision);
    const line = { ...touched(found.line, atMs), revision: found.line.revision + (isEdit(before) ? 1 : 0) };
    const put = rowOf(found.seal, after);
    return { event: { line, put: [put] }, result: () => messageOf(found, put) };
  });
}

export function removeMessages(
  shelf: Shelf,
  id: ConversationId,
  messageIds: readonly string[],
  options: TranscriptChangeOptions,
): Promise<readonly TranscriptMessage[]> {
  const wanted = new Set(messageIds);
  return shrink(shelf, id, options, (rows) => rows.filter((row) => wanted.has(row.id)));
}

export async function popMessages(
  shelf: Shelf,
  id: ConversationId,
  count: number,
  options: TranscriptChangeOptions,
): Promise<readonly TranscriptMessage[]> {
  if (!Number.isSafeInteger(count) || count < 1) throw invalid("`count` must be a whole number from 1.");
  return shrink(shelf, id, options, (rows) => rows.slice(-count));
}

async function shrink(
  shelf: Shelf,
  id: ConversationId,
  { atMs, ifRevision }: TranscriptChangeOptions,
  choose: (rows: readonly Row[]) => readonly Row[],
): Promise<readonly TranscriptMessage[]> {
  checkInstant("atMs", atMs);
  return shelf.change(id, (found) => {
    checkRevision(id, found.line.revision, ifRevision);
    const chosen = choose(found.state.rows);
    const taken = chosen.map((row) => messageOf(found, row));
    if (taken.length === 0) return { result: () => taken };
    const line = { ...touched(found.line, atMs), revision: found.line.revision + 1 };
    return { event: { line, drop: chosen.map(({ seq }) => seq) }, result: () => taken };
  });
}

function touched(line: Line, atMs: number): Line {
  return { ...line, updatedAtMs: Math.max(line.updatedAtMs, atMs) };
}
