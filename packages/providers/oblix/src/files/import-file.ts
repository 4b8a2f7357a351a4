import { basename } from "node:path";
import type { Conversations } from "@colloquy/core";
import { ColloquyError, isColloquyError } from "@colloquy/core/contract";
import { withoutUndefined } from "../json.js";
import { openFile } from "./open-file.js";
import type { ReadConversation, ReadMessage } from "./read-conversation.js";

/**
 * What to do when the store has the file's id already. `fail`: `STORE_CONFLICT`. `keep`: what is stored stays, and the file is not
 * imported. `replace`: what is stored goes. `new_id`: always a new one, whether or not the id is taken.
 */
export type ImportPolicy = "fail" | "keep" | "replace" | "new_id";

export interface ImportOptions {
  /** Default `fail`. */
  readonly policy?: ImportPolicy;
  /** Whose it becomes. Default: the file's. */
  readonly ownerId?: string;
}

export interface Imported {
  readonly id: string;
  /** False when what was stored was kept. */
  readonly isNew: boolean;
  readonly messageCount: number;
}

type Keeper = Pick<Conversations, "create" | "append" | "find" | "remove">;

/** How many messages are stored at once. */
const batchSize = 500;

/**
 * Imports a file, JSONL or Oblix's JSON. It is read twice: once to see that all of it is right, so that a wrong file changes
 * nothing, and once to store it. Throws `INPUT_INVALID` with the line, `STORE_SCHEMA_NEWER`, or `STORE_CONFLICT`.
 */
export async function importConversation(
  conversations: Keeper,
  path: string,
  { policy = "fail", ownerId }: ImportOptions = {},
): Promise<Imported> {
  const { id } = await checked(path);
  const existing = policy === "new_id" ? undefined : await conversations.find(id);
  if (existing && policy === "keep") return { id, isNew: false, messageCount: existing.messageCount };
  if (existing && policy === "fail")
    throw new ColloquyError({
      code: "STORE_CONFLICT",
      message: "The store has a conversation of this id already.",
      retryable: false,
      userAction: "Import it under a new id, or say that it replaces what is stored.",
    });
  const file = await openFile(path);
  try {
    if (existing) await conversations.remove(id);
    return await store(conversations, file, basename(path), policy === "new_id" ? undefined : id, ownerId);
  } finally {
    file.close();
  }
}

/** Reads all of it. */
async function checked(path: string): Promise<{ readonly id: string }> {
  const file = await openFile(path);
  try {
    for await (const _message of file.messages);
    return { id: file.conversation.id };
  } finally {
    file.close();
  }
}

async function store(
  conversations: Keeper,
  { conversation, messages }: ReadConversation,
  fileName: string,
  id: string | undefined,
  ownerId: string | undefined,
): Promise<Imported> {
  const { lineage, isEncrypted, ...kept } = conversation;
  const made = await conversations.create(
    withoutUndefined<NonNullable<Parameters<Keeper["create"]>[0]>>({
      ...kept,
      id,
      ownerId: ownerId ?? kept.ownerId,
      expiresAtMs: kept.expiresAtMs,
      sessionId: undefined,
      titlePrefix: undefined,
      isEncrypted: isEncrypted === true ? true : undefined,
      lineage: { ...withoutUndefined({ ...lineage } as never), importedFrom: fileName.slice(0, 256) },
    }),
  );
  let messageCount = 0;
  const taken = new Map<string, number>();
  try {
    for await (const batch of batches(messages)) {
      const own = batch.map((message) => withOwnId(message, taken));
      messageCount += (await conversations.append(made.id, own as never, { atMs: kept.updatedAtMs })).length;
    }
  } catch (error) {
    // Half a conversation is none.
    await conversations.remove(made.id).catch(() => {});
    throw isColloquyError(error) ? error : new Error("The file could not be imported.", { cause: error });
  }
  return { id: made.id, isNew: true, messageCount };
}

/** Oblix's merges repeat message ids; the store would take a second one for a repetition and leave it out. */
function withOwnId(message: ReadMessage, taken: Map<string, number>): ReadMessage {
  const { id } = message;
  if (id === undefined) return message;
  const count = (taken.get(id) ?? 0) + 1;
  taken.set(id, count);
  if (count === 1) return message;
  const anew = `${id.slice(0, 240)}~${count}`;
  return withOwnId({ ...message, id: anew }, taken);
}

async function* batches(messages: AsyncIterable<ReadMessage>): AsyncGenerator<readonly ReadMessage[]> {
  let batch: ReadMessage[] = [];
  for await (const message of messages) {
    batch.push(message);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
