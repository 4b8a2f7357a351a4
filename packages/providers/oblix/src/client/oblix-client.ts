import type { ContextWindow, Conversation, Conversations, TranscriptMessage, TranscriptObject } from "@colloquy/core";
import { ColloquyError, type JsonValue } from "@colloquy/core/contract";
import { type ExportOptions, exportConversation } from "../files/export-file.js";
import { importConversation } from "../files/import-file.js";
import { type ChatSession, runChat } from "./chat.js";
import type {
  ChatOptions,
  CopySession,
  CreateSession,
  ExecuteOptions,
  FoundSession,
  ImportSession,
  ListSessions,
  MergedSession,
  MergeSessions,
  SearchSessions,
  SessionPage,
} from "./client-options.js";
import { type DisplayOptions, formatSessionForDisplay, formatSessionsList } from "./display.js";
import { type Execution, executionOf } from "./execution.js";
import { conditionsOf } from "./filter.js";
import { findSessions } from "./find-sessions.js";
import {
  type SessionData,
  type SessionMessage,
  type SessionSummary,
  sessionMessageOf,
  summaryOf,
} from "./session-data.js";
import { terminalLines } from "./terminal-lines.js";

/**
 * The calls of Oblix, over Colloquy's conversations. Each client is a scope with a current session of its own: give every request
 * of a server its own, with `scope()`. What fails throws a `ColloquyError`: an unknown session is `SESSION_NOT_FOUND`.
 */
export class OblixClient {
  readonly #conversations: Conversations;
  readonly #providerId: string;
  #currentSessionId: string | undefined;

  /** Made by `oblixClient`. */
  constructor(conversations: Conversations, providerId: string) {
    this.#conversations = conversations;
    this.#providerId = providerId;
  }

  /** Another scope over the same sessions, without a current one. */
  scope(): OblixClient {
    return new OblixClient(this.#conversations, this.#providerId);
  }

  get currentSessionId(): string | undefined {
    return this.#currentSessionId;
  }

  /** Gives the id. */
  async createSession(input: string | CreateSession = {}): Promise<string> {
    const { title, initialContext, metadata } = typeof input === "string" ? { title: input } : input;
    const { id } = await this.#conversations.create({
      titlePrefix: "Chat Session",
      ...(title === undefined ? {} : { title }),
      ...(initialContext ? { context: initialContext } : {}),
      ...(metadata ? { metadata: withoutNull(metadata) } : {}),
    });
    return id;
  }

  async createAndUseSession(input: string | CreateSession = {}): Promise<string> {
    return this.#use(await this.createSession(input), true);
  }

  /** The current session stays as it is when this one does not exist. */
  async useSession(sessionId: string): Promise<SessionSummary> {
    const conversation = await this.#conversations.get(sessionId);
    this.#currentSessionId = sessionId;
    return summaryOf(conversation);
  }

  async loadSession(sessionId: string): Promise<SessionData> {
    const conversation = await this.#conversations.get(sessionId);
    const messages: SessionMessage[] = [];
    for await (const message of this.#conversations.read(sessionId)) messages.push(sessionMessageOf(message));
    return { ...summaryOf(conversation), messages, context: conversation.context };
  }

  /** Last changed first. */
  async listSessions(options: ListSessions = {}): Promise<readonly SessionSummary[]> {
    return (await this.listSessionsPage(options)).sessions;
  }

  /** The same with a cursor to the next page. */
  async listSessionsPage({ limit, filterMetadata, where = [], after }: ListSessions = {}): Promise<SessionPage> {
    const { conversations, cursor } = await this.#conversations.page({
      limit: limit ?? 50,
      where: [...where, ...(filterMetadata ? conditionsOf(filterMetadata) : [])],
      ...(after === undefined ? {} : { after }),
    });
    return { sessions: conversations.map(summaryOf), ...(cursor === undefined ? {} : { cursor }) };
  }

  /** With all its messages. If it is the current session of this scope there is none afterwards. */
  async deleteSession(sessionId: string): Promise<void> {
    const isRemoved = await this.#conversations.remove(sessionId);
    if (this.#currentSessionId === sessionId) this.#currentSessionId = undefined;
    if (!isRemoved) throw notFound();
  }

  /** Merges, nested objects too; `null` removes a key. Gives the metadata as it is then. */
  async updateSessionMetadata(
    sessionId: string,
    metadata: TranscriptObject,
    options: { readonly ifRevision?: number } = {},
  ): Promise<TranscriptObject> {
    return (await this.#conversations.update(sessionId, { metadata }, options)).metadata;
  }

  /** No message is read for it. */
  async getSessionMetadata(sessionId: string): Promise<TranscriptObject> {
    return (await this.#conversations.get(sessionId)).metadata;
  }

  async renameSession(sessionId: string, title: string): Promise<void> {
    await this.#conversations.update(sessionId, { title });
  }

  /** JSONL, or Oblix's own JSON for a path that ends in `.json`. */
  async exportSession(sessionId: string, filePath: string, options: ExportOptions = {}): Promise<void> {
    await exportConversation(this.#conversations, sessionId, filePath, options);
  }

  /** Either format. Gives the id. */
  async importSession(
    filePath: string,
    { newId = false, policy = "fail", useImmediately = false }: ImportSession = {},
  ): Promise<string> {
    const options = { policy: newId ? "new_id" : policy } as const;
    return this.#use((await importConversation(this.#conversations, filePath, options)).id, useImmediately);
  }

  /** Gives the id of the copy. */
  async copySession(
    sessionId: string,
    { newTitle, untilMessageId, useImmediately = false }: CopySession = {},
  ): Promise<string> {
    const { title } = await this.#conversations.get(sessionId);
    const target = { title: newTitle ?? `Copy of ${title}`, metadata: { copied_from: sessionId } };
    if (untilMessageId === undefined)
      return this.#use((await this.#conversations.copy(sessionId, target)).id, useImmediately);
    const last = await this.#conversations.message(sessionId, untilMessageId);
    if (!last) throw new ColloquyError({ code: "REMOTE_NOT_FOUND", message: "The session has no message of this id." });
    return this.#use((await this.#conversations.fork(sessionId, last.seq, target)).id, useImmediately);
  }

  /** Gives the id of the merged session. `mergeSessionsReport` tells also what was missing. */
  async mergeSessions(sessionIds: readonly string[], options: MergeSessions = {}): Promise<string> {
    return (await this.mergeSessionsReport(sessionIds, options)).sessionId;
  }

  async mergeSessionsReport(sessionIds: readonly string[], options: MergeSessions = {}): Promise<MergedSession> {
    if (sessionIds.length === 0)
      throw new ColloquyError({
        code: "INPUT_INVALID",
        message: "Give at least one session to merge.",
        fieldErrors: { sessionIds: ["Is empty."] },
      });
    const { title, useImmediately = false, ...strategies } = options;
    const { conversation, missing, duplicateCount } = await this.#conversations.merge(
      sessionIds,
      { title: title ?? `Merged Session ${sessionIds.length}` },
      strategies,
    );
    this.#use(conversation.id, useImmediately);
    return { sessionId: conversation.id, missing, duplicateCount };
  }

  /**
   * One turn: await it for the result, loop over it for the tokens as they come. An unknown `sessionId` fails, with nothing asked;
   * `modelId` (`type:name`) asks that model and no other.
   *
   * With `chat` it goes on with what the person says next, until `exit`; `/list` and `/load <id>` work as in Oblix. Without a session
   * a new one is made, and the first exchange is in it. Gives the id of the session that the chat ended in.
   */
  execute(options: ExecuteOptions): Execution;
  execute(options: ChatOptions): Promise<{ readonly sessionId: string }>;
  execute(options: ExecuteOptions | ChatOptions): Execution | Promise<{ readonly sessionId: string }> {
    if (options.chat) return this.#chat(options);
    const { sessionId = this.#currentSessionId, chat: _chat, ...turn } = options;
    const start = async (): Promise<{ readonly turn: ReturnType<Conversations["execute"]> }> => {
      const id = sessionId ?? (await this.createSession());
      return { turn: this.#conversations.execute(id, { ...turn, providerId: this.#providerId }) };
    };
    return executionOf(start());
  }

  async #chat(options: ChatOptions): Promise<{ readonly sessionId: string }> {
    const { prompt, chat, sessionId = this.#currentSessionId, ...turn } = options;
    const id = sessionId ?? (await this.createSession());
    await this.#conversations.get(id);
    const session: ChatSession = {
      sessionId: id,
      execute: (text, inSession) => this.execute({ ...turn, prompt: text, sessionId: inSession }),
      list: () => this.listSessions(),
      load: (wanted) => this.loadSession(wanted),
    };
    return { sessionId: await runChat(prompt, session, chat === true ? terminalLines() : chat) };
  }

  /** Adds a message without asking a model. Gives its id. */
  async saveMessage(
    sessionId: string,
    message: string,
    { role = "user", id }: { readonly role?: TranscriptMessage["role"]; readonly id?: string } = {},
  ): Promise<string> {
    const one = { role, content: message, ...(id === undefined ? {} : { id }) };
    const [kept] = await this.#conversations.append(sessionId, [one]);
    return (kept as TranscriptMessage).id;
  }

  /** What a model would be given now. */
  getContextWindow(
    sessionId: string,
    options: { readonly tokenBudget?: number; readonly modelId?: string } = {},
  ): Promise<ContextWindow> {
    return this.#conversations.context(sessionId, { ...options, providerId: this.#providerId });
  }

  /** Goes on in a session that exists, or makes one. */
  async createOrUseSession(
    sessionId?: string,
    title?: string,
  ): Promise<{ readonly sessionId: string; readonly isCreated: boolean }> {
    if (sessionId !== undefined && (await this.#conversations.find(sessionId)))
      return { sessionId: this.#use(sessionId, true), isCreated: false };
    if (sessionId !== undefined) throw notFound();
    return { sessionId: await this.createAndUseSession(title === undefined ? {} : { title }), isCreated: true };
  }

  /** Titles first, then messages. */
  searchSessions(query: string, { limit = 50 }: SearchSessions = {}): Promise<readonly FoundSession[]> {
    return findSessions(this.#conversations, query, limit);
  }

  async validateSessionExistence(sessionId: string): Promise<boolean> {
    return (await this.#conversations.find(sessionId)) !== undefined;
  }

  async getSessionSummary(
    sessionId: string,
  ): Promise<SessionSummary & { readonly firstMessageAt?: string; readonly lastMessageAt?: string }> {
    const conversation = await this.#conversations.get(sessionId);
    const [first] = (await this.#conversations.messages(sessionId, { limit: 1 })).messages;
    const [last] = (await this.#conversations.messages(sessionId, { from: "newest", limit: 1 })).messages;
    return {
      ...summaryOf(conversation),
      ...(first ? { firstMessageAt: sessionMessageOf(first).timestamp } : {}),
      ...(last ? { lastMessageAt: sessionMessageOf(last).timestamp } : {}),
    };
  }

  async formatSessionForDisplay(sessionId: string, options: DisplayOptions = {}): Promise<string> {
    const { includeMessages = false, maxMessages = 5 } = options;
    const conversation: Conversation = await this.#conversations.get(sessionId);
    const limit = Math.max(1, maxMessages);
    const { messages } = includeMessages
      ? await this.#conversations.messages(sessionId, { from: "newest", limit })
      : { messages: [] };
    return formatSessionForDisplay({ ...summaryOf(conversation), messages: messages.map(sessionMessageOf) }, options);
  }

  async formatSessionsList(options: ListSessions = {}): Promise<string> {
    return formatSessionsList(await this.listSessions(options));
  }

  /** The ids of the models, in the order given. */
  listModels(): readonly string[] {
    return this.#conversations.models(this.#providerId).map(({ id }) => id);
  }

  /** What the resource monitor last found; undefined without one. */
  async getResourceMetrics(): Promise<JsonValue | undefined> {
    return (await this.#readings())["resource_monitor"];
  }

  /** What the connectivity agent last found; undefined without one. */
  async getConnectivityMetrics(): Promise<JsonValue | undefined> {
    return (await this.#readings())["connectivity_agent"];
  }

  #readings(): ReturnType<Conversations["readings"]> {
    return this.#conversations.readings({ providerId: this.#providerId, isFresh: true });
  }

  #use(sessionId: string, isWanted: boolean): string {
    if (isWanted) this.#currentSessionId = sessionId;
    return sessionId;
  }
}

/** The calls of Oblix over a Colloquy that has `oblix(…)` among its providers. */
export function oblixClient(
  colloquy: { readonly conversations: Conversations },
  { providerId = "oblix" }: { readonly providerId?: string } = {},
): OblixClient {
  return new OblixClient(colloquy.conversations, providerId);
}

/** A key that is `null` is a key that is not there, as it is for every change after. */
function withoutNull(metadata: TranscriptObject): TranscriptObject {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));
}

function notFound(): ColloquyError {
  return new ColloquyError({ code: "SESSION_NOT_FOUND", message: "The store holds no session of this id." });
}
