import { join } from "node:path";
import type { OpenSubject, StoreSubject } from "./subject.js";
import type { BenchMessage } from "./workload.js";

// The peers live in an installation of their own (tools/store-peers), without types here. Each is used as its pages say.
const load = async <T>(name: string): Promise<T> => (await import(name)) as T;

interface MemorySession {
  addItems(items: readonly unknown[]): Promise<void>;
  getItems(limit?: number): Promise<readonly unknown[]>;
}

interface Lists {
  connect(): Promise<void>;
  appendToList(key: string, value: unknown): Promise<void>;
  getList(key: string): Promise<readonly unknown[]>;
}

interface LibSql {
  init(): Promise<void>;
  saveThread(given: { thread: unknown }): Promise<unknown>;
  updateThread(given: { id: string; title: string; metadata: unknown }): Promise<unknown>;
  getThreadById(given: { threadId: string }): Promise<{ readonly metadata?: Readonly<Record<string, unknown>> } | null>;
  saveMessages(given: { messages: readonly unknown[]; format: "v2" }): Promise<unknown>;
  getMessages(given: { threadId: string; format: "v2"; selectBy: { last: number } }): Promise<readonly unknown[]>;
  getMessagesPaginated(given: {
    threadId: string;
    format: "v2";
    selectBy: { pagination: { page: number; perPage: number } };
  }): Promise<{ readonly total: number }>;
  getThreadsByResourceIdPaginated(given: {
    resourceId: string;
    page: number;
    perPage: number;
  }): Promise<{ readonly threads: readonly unknown[] }>;
}

interface FileHistory {
  addMessage(message: unknown): Promise<void>;
  getMessages(): Promise<readonly unknown[]>;
}

function sessionsOf<T>(make: (id: string) => T): (id: string) => T {
  const known = new Map<string, T>();
  return (id) => {
    const session = known.get(id) ?? make(id);
    known.set(id, session);
    return session;
  };
}

const nothing = async (): Promise<void> => {};

async function openAiAgents(): Promise<StoreSubject> {
  const { MemorySession } = await load<{ MemorySession: new (options: { sessionId: string }) => MemorySession }>(
    "@openai/agents-core",
  );
  const of = sessionsOf((sessionId) => new MemorySession({ sessionId }));
  const item = ({ role, content }: BenchMessage): unknown =>
    role === "user"
      ? { type: "message", role, content }
      : { type: "message", role, status: "completed", content: [{ type: "output_text", text: content }] };
  return {
    create: async (id) => void of(id),
    append: (id, message) => of(id).addItems([item(message)]),
    load: (id) => of(id).getItems(),
    newest: (id, count) => of(id).getItems(count),
    close: nothing,
  };
}

async function chatState(): Promise<StoreSubject> {
  const { createMemoryState } = await load<{ createMemoryState: () => Lists }>("@chat-adapter/state-memory");
  const state = createMemoryState();
  await state.connect();
  return {
    create: nothing,
    append: (id, message) => state.appendToList(id, message),
    load: (id) => state.getList(id),
    newest: async (id, count) => (await state.getList(id)).slice(-count),
    close: nothing,
  };
}

async function mastra(folder: string): Promise<StoreSubject> {
  const { LibSQLStore } = await load<{ LibSQLStore: new (options: { url: string }) => LibSql }>("@mastra/libsql");
  const store = new LibSQLStore({ url: `file:${join(folder, "mastra.db")}` });
  await store.init();
  const resourceId = "bench";
  const message = (threadId: string, { id, role, content, atMs }: BenchMessage): unknown => ({
    id: `${threadId}_${id}`,
    threadId,
    resourceId,
    role,
    createdAt: new Date(atMs),
    content: { format: 2, parts: [{ type: "text", text: content }], content },
  });
  return {
    async create(id, metadata = {}) {
      const at = new Date();
      await store.saveThread({ thread: { id, resourceId, title: id, metadata, createdAt: at, updatedAt: at } });
    },
    append: (id, given) => store.saveMessages({ messages: [message(id, given)], format: "v2" }),
    load: (threadId) => store.getMessages({ threadId, format: "v2", selectBy: { last: 1_000_000 } }),
    newest: (threadId, last) => store.getMessages({ threadId, format: "v2", selectBy: { last } }),
    async count(threadId) {
      const selectBy = { pagination: { page: 0, perPage: 1 } };
      return (await store.getMessagesPaginated({ threadId, format: "v2", selectBy })).total;
    },
    mergeMetadata: async (id, metadata) => void (await store.updateThread({ id, title: id, metadata })),
    metadata: async (threadId) => (await store.getThreadById({ threadId }))?.metadata ?? {},
    async list(filter, after = "0") {
      // This release has no filter by metadata.
      if (Object.keys(filter).length > 0) throw new Error("not offered");
      const page = Number(after);
      const { threads } = await store.getThreadsByResourceIdPaginated({ resourceId, page, perPage: 50 });
      return { count: threads.length, cursor: `${page + 1}` };
    },
    close: nothing,
  };
}

async function langChain(folder: string): Promise<StoreSubject> {
  const { FileSystemChatMessageHistory } = await load<{
    FileSystemChatMessageHistory: new (options: { sessionId: string; filePath: string }) => FileHistory;
  }>("@langchain/community/stores/message/file_system");
  const { AIMessage, HumanMessage } =
    await load<Record<"AIMessage" | "HumanMessage", new (content: string) => unknown>>("@langchain/core/messages");
  const of = sessionsOf(
    (sessionId) => new FileSystemChatMessageHistory({ sessionId, filePath: join(folder, "history.json") }),
  );
  return {
    create: async (id) => void of(id),
    append: (id, { role, content }) =>
      of(id).addMessage(role === "user" ? new HumanMessage(content) : new AIMessage(content)),
    load: (id) => of(id).getMessages(),
    newest: async (id, count) => (await of(id).getMessages()).slice(-count),
    close: nothing,
  };
}

export const peerSubjects: Readonly<Record<string, OpenSubject>> = {
  "Mastra libsql": mastra,
  "LangChain file history": langChain,
  "OpenAI Agents MemorySession": openAiAgents,
  "chat state-memory": chatState,
};
