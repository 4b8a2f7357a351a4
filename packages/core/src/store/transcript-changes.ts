import { copyJson } from "./copy.js";
import { mergePatch } from "./merge-patch.js";
import { conversationConflict } from "./transcript-errors.js";
import type {
  Conversation,
  ConversationLineage,
  NewConversation,
  NewTranscriptMessage,
  TranscriptMessage,
  TranscriptObject,
} from "./transcript-rows.js";
import type {
  ConversationChange,
  ConversationTarget,
  MergeOptions,
  MergeStrategy,
  MessageChange,
} from "./transcripts.js";

// What every store does with the values alone, so that no two of them differ. All of it is pure.

export function newConversationRow(given: NewConversation): Conversation {
  return {
    ...given,
    title: given.title ?? "",
    context: given.context ?? {},
    metadata: given.metadata ?? {},
    lineage: given.lineage ?? {},
    updatedAtMs: given.updatedAtMs ?? given.createdAtMs,
    isEncrypted: given.isEncrypted ?? false,
    revision: 1,
    messageCount: 0,
    lastSeq: 0,
  };
}

export function changedConversation(before: Conversation, change: ConversationChange, atMs: number): Conversation {
  const { expiresAtMs: expiredBefore, ...kept } = before;
  const expiresAtMs = change.expiresAtMs === undefined ? expiredBefore : change.expiresAtMs;
  return {
    ...kept,
    ...(expiresAtMs === undefined || expiresAtMs === null ? {} : { expiresAtMs }),
    title: change.title ?? before.title,
    metadata: change.metadata ? mergePatch(before.metadata, change.metadata) : before.metadata,
    context: change.context ? mergePatch(before.context, change.context) : before.context,
    updatedAtMs: Math.max(before.updatedAtMs, atMs),
    revision: before.revision + 1,
  };
}

/**
 * The row of a new message, a copy through and through. For checked messages. Written out, because this is done for each
 * message: an object that is made with its fields costs a fifth of one that is given them.
 */
export function copiedMessageRow(conversationId: string, seq: number, given: NewTranscriptMessage): TranscriptMessage {
  return isPlainMessage(given)
    ? messageWith(conversationId, seq, given.status ?? "complete", 1, given)
    : newMessageRow(conversationId, seq, copyJson(given));
}

/** A copy of a row that a store keeps. */
export function copyMessage(row: TranscriptMessage): TranscriptMessage {
  return isPlainMessage(row) ? messageWith(row.conversationId, row.seq, row.status, row.revision, row) : copyJson(row);
}

function messageWith(
  conversationId: string,
  seq: number,
  status: TranscriptMessage["status"],
  revision: number,
  given: Pick<TranscriptMessage, "id" | "role" | "content" | "atMs">,
): TranscriptMessage {
  const { id, role, content, atMs } = given;
  // JSON has no negative zero, which adding 0 makes an ordinary one.
  const row: Record<string, unknown> = { conversationId, seq, id, role, content, status, atMs: atMs + 0, revision };
  for (const key in given)
    if (!Object.hasOwn(row, key)) {
      const field = copyJson((given as Readonly<Record<string, unknown>>)[key]);
      if (field !== undefined) row[key] = field;
    }
  return row as unknown as TranscriptMessage;
}

/** Nothing about it is written otherwise than it looks. */
function isPlainMessage(given: NewTranscriptMessage): boolean {
  return (
    Object.getPrototypeOf(given) === Object.prototype &&
    typeof given.atMs === "number" &&
    !("toJSON" in given) &&
    !Object.hasOwn(given, "__proto__")
  );
}

/** Takes over `given`, which must be a copy of the store's own. */
export function newMessageRow(conversationId: string, seq: number, given: NewTranscriptMessage): TranscriptMessage {
  const row = given as { -readonly [Field in keyof TranscriptMessage]: TranscriptMessage[Field] };
  // By assignment: a new object for each message is a good part of what an append costs.
  row.status ??= "complete";
  row.conversationId = conversationId;
  row.seq = seq;
  row.revision = 1;
  return row;
}

/** Throws `STORE_CONFLICT` for another revision than the one named, and for growth of what no longer grows. */
export function changedMessage(
  before: TranscriptMessage,
  change: MessageChange,
  ifRevision?: number,
): TranscriptMessage {
  const { conversationId, id } = before;
  if (ifRevision !== undefined && ifRevision !== before.revision)
    throw conversationConflict(conversationId, `has message ${id} in revision ${before.revision}, not ${ifRevision}`);
  const { appendText, metadata, ...fields } = change;
  if (appendText !== undefined && before.status !== "streaming")
    throw conversationConflict(conversationId, `has message ${id} as ${before.status}: it grows no more`);
  const content = appendText === undefined ? (fields.content ?? before.content) : before.content + appendText;
  const patched = metadata ? { metadata: mergePatch(before.metadata ?? {}, metadata) } : {};
  const changed = Object.entries({ ...before, ...present(fields), ...patched, content, revision: before.revision + 1 });
  return Object.fromEntries(changed.filter(([, value]) => value !== null)) as unknown as TranscriptMessage;
}

/** A streaming message is not edited but grows; everything else is an edit, which others may have to know of. */
export function isEdit(before: TranscriptMessage): boolean {
  return before.status !== "streaming";
}

/** What a copy begins with: everything of the source but its messages. */
export function copiedConversation(
  source: Conversation,
  target: ConversationTarget,
  lineage: ConversationLineage = { copiedFrom: source.id },
): Conversation {
  const ownerId = target.ownerId ?? source.ownerId;
  return newConversationRow({
    id: target.id,
    ...(ownerId === undefined ? {} : { ownerId }),
    ...(target.sessionId === undefined ? {} : { sessionId: target.sessionId }),
    ...(target.expiresAtMs === undefined ? {} : { expiresAtMs: target.expiresAtMs }),
    title: target.title ?? source.title,
    context: source.context,
    metadata: mergePatch(source.metadata, target.metadata ?? {}),
    lineage,
    createdAtMs: target.atMs,
    isEncrypted: target.isEncrypted ?? source.isEncrypted,
  });
}

/** What a merge begins with. `sources` are those that are there, each once, in the order given. */
export function mergedConversation(
  sources: readonly [Conversation, ...Conversation[]],
  target: ConversationTarget,
  options: MergeOptions = {},
): Conversation {
  const combined: Conversation = {
    ...sources[0],
    context: combine(
      sources.map(({ context }) => context),
      options.context,
    ),
    metadata: combine(
      sources.map(({ metadata }) => metadata),
      options.metadata,
    ),
    isEncrypted: sources.some(({ isEncrypted }) => isEncrypted),
  };
  return copiedConversation(combined, target, { mergedFrom: sources.map(({ id }) => id) });
}

function combine(values: readonly TranscriptObject[], strategy: MergeStrategy = "merge"): TranscriptObject {
  if (strategy === "none") return {};
  if (strategy === "first") return values[0] ?? {};
  if (strategy === "last") return values.at(-1) ?? {};
  return values.reduce(mergePatch, {});
}

/**
 * Messages of several conversations as one: see `TranscriptStore.merge`. A message may come again under the same id, then
 * the first stays; `onDuplicate` hears of the others.
 */
export function* mergedMessages(
  conversationId: string,
  sources: readonly (readonly TranscriptMessage[])[],
  onDuplicate: () => void,
): Generator<TranscriptMessage> {
  const places = sources.map(() => 0);
  const seen = new Set<string>();
  for (let seq = 1; ; ) {
    let first: { readonly message: TranscriptMessage; readonly source: number } | undefined;
    for (const [source, messages] of sources.entries()) {
      const message = messages[places[source] ?? 0];
      if (message && (!first || isBefore(message, first.message))) first = { message, source };
    }
    if (!first) return;
    places[first.source] = (places[first.source] ?? 0) + 1;
    const { message } = first;
    if (seen.has(message.id)) onDuplicate();
    else yield { ...message, conversationId, seq: seq++, revision: 1, sourceId: message.conversationId };
    seen.add(message.id);
  }
}

function isBefore(one: TranscriptMessage, other: TranscriptMessage): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.seq < other.seq);
}

function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
