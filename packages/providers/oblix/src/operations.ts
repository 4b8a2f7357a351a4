import type { JsonValue, Operation, SendReceipt, WireResponse } from "@colloquy/core/contract";
import { ColloquyError } from "@colloquy/core/contract";
import { isRecord, textAt, withoutUndefined } from "./json.js";

export type JsonObject = Readonly<Record<string, JsonValue>>;

export interface NewConversationInput {
  /** Default: `Chat Session` and the minute, in UTC. */
  readonly title?: string;
  /** Told to the model at the start of every turn. */
  readonly initialContext?: JsonObject;
  readonly metadata?: JsonObject;
}

export interface ConversationTarget {
  /** Left out in calls on a session's handle, which knows it. */
  readonly conversationId?: string;
}

export interface KeptConversation {
  readonly conversationId: string;
  readonly title: string;
  readonly messageCount: number;
}

export interface TurnInput extends ConversationTarget {
  readonly prompt: string;
  readonly requestId?: string;
  readonly modelId?: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
}

export interface KeptAnswer extends SendReceipt {
  readonly text: string;
  readonly modelId: string;
  readonly answeredAtMs?: number;
}

const common = { credential: "none", service: "conversations", buckets: [] } as const;

const pathId = (name: string, { conversationId }: ConversationTarget, remoteId: string | undefined): { id: string } => {
  const id = conversationId ?? remoteId;
  if (id === undefined || id.trim() === "" || (remoteId !== undefined && id !== remoteId))
    throw new ColloquyError({
      code: "INPUT_INVALID",
      message: `${name}: give the id of a conversation, or call it on its session.`,
      fieldErrors: { conversationId: ["Is missing, or another session's."] },
    });
  return { id };
};

const create: Operation<NewConversationInput, KeptConversation> = {
  ...common,
  name: "conversations.create",
  summary: "Makes a conversation in the store.",
  method: "POST",
  path: "/conversations",
  repeatable: "never",
  encode: ({ title, initialContext, metadata }) => ({
    body: {
      kind: "json",
      value: withoutUndefined<{ [key: string]: JsonValue | undefined }>({
        title,
        titlePrefix: "Chat Session",
        context: initialContext,
        metadata,
      }) as JsonValue,
    },
  }),
  decode: (response) => conversationOf("conversations.create", response),
};

const get: Operation<ConversationTarget, KeptConversation> = {
  ...common,
  name: "conversations.get",
  summary: "Reads what is kept of a conversation, without its messages.",
  method: "GET",
  path: "/conversations/{id}",
  repeatable: "always",
  encode: (input, { remoteId }) => ({ params: pathId("conversations.get", input, remoteId) }),
  decode: (response) => conversationOf("conversations.get", response),
};

const remove: Operation<ConversationTarget, { readonly isRemoved: boolean }> = {
  ...common,
  name: "conversations.remove",
  summary: "Removes a conversation with all its messages.",
  method: "DELETE",
  path: "/conversations/{id}",
  repeatable: "always",
  encode: (input, { remoteId }) => ({ params: pathId("conversations.remove", input, remoteId) }),
  decode: (response) => {
    const isRemoved = isRecord(response.body) ? response.body["isRemoved"] : undefined;
    if (typeof isRemoved !== "boolean") throw malformed("conversations.remove");
    return { isRemoved };
  },
};

const execute: Operation<TurnInput, KeptAnswer> = {
  ...common,
  name: "turns.execute",
  summary: "One turn: keeps the prompt, asks a model, keeps its answer.",
  method: "POST",
  path: "/conversations/{id}/turns",
  repeatable: "never",
  maxConcurrentPerSession: 1,
  encode: ({ conversationId, ...turn }, { remoteId }) => ({
    params: pathId("turns.execute", conversationId === undefined ? {} : { conversationId }, remoteId),
    body: { kind: "json", value: withoutUndefined<object>({ ...turn }) as JsonValue },
  }),
  decode: ({ body }) => {
    const message = isRecord(body) ? body["message"] : undefined;
    const providerMessageId = textAt(message, "id");
    const text = isRecord(body) ? body["response"] : undefined;
    const modelId = textAt(body, "modelId");
    if (providerMessageId === undefined || typeof text !== "string" || modelId === undefined)
      throw malformed("turns.execute");
    const atMs = isRecord(message) ? message["atMs"] : undefined;
    return {
      providerMessageId,
      status: "answered",
      text,
      modelId,
      ...(typeof atMs === "number" ? { answeredAtMs: atMs } : {}),
    };
  },
};

export type OblixOperations = {
  readonly conversations: { readonly create: typeof create; readonly get: typeof get; readonly remove: typeof remove };
  readonly turns: { readonly execute: typeof execute };
};

export const operations: OblixOperations = { conversations: { create, get, remove }, turns: { execute } };

function conversationOf(name: string, { body }: WireResponse): KeptConversation {
  const conversationId = textAt(body, "id");
  if (conversationId === undefined || !isRecord(body)) throw malformed(name);
  const { title, messageCount } = body;
  return {
    conversationId,
    title: typeof title === "string" ? title : "",
    messageCount: typeof messageCount === "number" ? messageCount : 0,
  };
}

function malformed(operation: string): ColloquyError {
  return new ColloquyError({
    code: "RESPONSE_MALFORMED",
    message: `The answer to ${operation} is not what core's own service gives.`,
    operation,
  });
}
