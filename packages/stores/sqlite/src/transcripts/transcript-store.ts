import {
  changedConversation,
  checkConversation,
  checkInstant,
  checkRevision,
  newConversationRow,
  readPages,
  type TranscriptStore,
} from "@colloquy/core";
import type { Database } from "../database.js";
import type { SecretKey } from "../secret-key.js";
import type { Sql } from "../sql.js";
import { appendMessages } from "./append.js";
import {
  findConversation,
  insertConversation,
  needConversation,
  type Shelf,
  saveConversation,
} from "./conversation-row.js";
import { copyConversation, mergeConversations } from "./copies.js";
import { Ends } from "./ends.js";
import { listConversations } from "./list.js";
import { changeMessage, popMessages, readMessage, readPage, removeMessages } from "./messages.js";
import { searchTranscripts } from "./search.js";
import { sweepConversations } from "./sweep.js";
import type { Upkeep } from "./upkeep.js";
import { Vault } from "./vault.js";

export interface TranscriptOptions {
  readonly secretKey: SecretKey;
  readonly hasSecret: boolean;
  readonly upkeep: Upkeep;
}

export function transcriptStore(
  database: Database,
  { secretKey, hasSecret, upkeep }: TranscriptOptions,
): TranscriptStore {
  const vault = new Vault(secretKey, hasSecret);
  const shelf: Shelf = { path: database.path, vault, upkeep, ends: new Ends() };
  /** Everything that may have to open or close something runs after the key was loaded, which is done once. */
  const ready = async <T>(run: () => T | Promise<T>): Promise<T> => {
    if (!vault.isReady) await vault.load();
    return run();
  };
  const write = <T>(run: (sql: Sql) => T): Promise<T> => ready(() => database.write(run));

  const store: TranscriptStore = {
    async create(given) {
      checkConversation(given);
      const conversation = JSON.parse(JSON.stringify(newConversationRow(given))) as ReturnType<
        typeof newConversationRow
      >;
      await write((sql) => {
        const { number, birth, seal } = insertConversation(sql, shelf, conversation);
        if (!seal) shelf.ends.keep(sql, given.id, { number, birth, lastSeq: 0, arrivedIds: new Set() });
      });
      return conversation;
    },
    get: (id) => ready(() => database.read((sql) => findConversation(sql, shelf, id)?.conversation)),
    list: (query) => ready(() => listConversations(database, shelf, query)),
    async update(id, given, { atMs, ifRevision }) {
      checkInstant("atMs", atMs);
      checkInstant("expiresAtMs", given.expiresAtMs);
      const change = JSON.parse(JSON.stringify(given)) as typeof given;
      return write((sql) => {
        const found = needConversation(sql, shelf, id);
        checkRevision(id, found.conversation.revision, ifRevision);
        const changed = changedConversation(found.conversation, change, atMs);
        saveConversation(sql, found, changed);
        return changed;
      });
    },
    remove: (id) => database.write((sql) => sql.run("DELETE FROM conversations WHERE id = ?", id) > 0),

    append: (id, messages, options) => ready(() => appendMessages(database, shelf, id, messages, options)),
    message: (id, messageId) => ready(() => readMessage(database, shelf, id, messageId)),
    page: (id, query) => ready(() => readPage(database, shelf, id, query)),
    read: (id, query) => readPages(store, id, query),
    change: (id, messageId, change, options) =>
      ready(() => changeMessage(database, shelf, id, messageId, change, options)),
    removeMessages: (id, ids, options) => ready(() => removeMessages(database, shelf, id, ids, options)),
    pop: (id, count, options) => ready(() => popMessages(database, shelf, id, count, options)),

    search: (query) => ready(() => searchTranscripts(database, shelf, query)),

    copy: (id, target) => ready(() => copyConversation(database, shelf, id, target)),
    fork: (id, seq, target) => ready(() => copyConversation(database, shelf, id, target, seq)),
    merge: (ids, target, options) => ready(() => mergeConversations(database, shelf, ids, target, options)),

    sweep: async (options) => sweepConversations(database, options),
  };
  return store;
}
