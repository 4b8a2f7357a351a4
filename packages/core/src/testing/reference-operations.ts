import {
  ColloquyError,
  defineOperation,
  deliveryOrder,
  type EncodeContext,
  type IssuedChallenge,
  type JsonValue,
  type MessageProgress,
  type Operation,
  type OutboundMessage,
  type PresenceKind,
  type SendReceipt,
  type WireResponse,
} from "../contract/index.js";
import { type ReferenceAskOperations, referenceAskOperations } from "./reference-ask-facet.js";

export interface ReferenceSessionInput {
  readonly name?: string;
  /** Whose account should be linked, as `+` and digits. */
  readonly account?: string;
}

/** A session as the reference service tells it. */
export interface ReferenceSession {
  readonly id: string;
  readonly name?: string;
  readonly status: string;
  readonly key: string;
  readonly signingSecret: string;
  /** The account that is linked. */
  readonly account?: string;
  /** The account that should be linked. */
  readonly expected?: string;
  readonly challenge?: IssuedChallenge;
}

/** Which session; left out: the one that the call is made for. */
export interface WhichSession {
  readonly id?: string;
}

// A type and not an interface: an operation tree has an index signature, which interfaces lack.
export type ReferenceOperations = {
  readonly sessions: {
    readonly create: Operation<ReferenceSessionInput, ReferenceSession>;
    readonly list: Operation<Record<string, never>, readonly ReferenceSession[]>;
    readonly get: Operation<WhichSession, ReferenceSession>;
    readonly connect: Operation<WhichSession, ReferenceSession>;
    readonly newCode: Operation<WhichSession, ReferenceSession>;
    readonly answer: Operation<WhichSession & { readonly answer: JsonValue }, ReferenceSession>;
    readonly pause: Operation<WhichSession, ReferenceSession>;
    readonly unlink: Operation<WhichSession, ReferenceSession>;
    readonly rotateKey: Operation<WhichSession, ReferenceSession>;
    readonly remove: Operation<WhichSession, void>;
  };
  readonly messages: {
    readonly send: Operation<OutboundMessage, SendReceipt>;
    readonly get: Operation<{ readonly id: string }, MessageProgress>;
    readonly edit: Operation<{ readonly id: string; readonly text: string }, void>;
    readonly remove: Operation<{ readonly id: string }, void>;
  };
  readonly asks: ReferenceAskOperations;
  readonly presence: { readonly set: Operation<{ readonly chat: string; readonly kind: PresenceKind }, void> };
};

const onSession = (input: WhichSession, context: EncodeContext): { readonly id: string } => {
  const id = input.id ?? context.remoteId;
  if (id) return { id };
  throw new ColloquyError({
    code: "INPUT_INVALID",
    message: "`id` is needed outside a session.",
    fieldErrors: { id: ["is missing"] },
  });
};

/** What every operation on one session has in common. */
const session = <Input extends WhichSession>(
  name: string,
  summary: string,
  method: "GET" | "POST",
  path: string,
  repeatable: "always" | "never" = "always",
): Operation<Input, ReferenceSession> =>
  defineOperation({
    name: `sessions.${name}`,
    summary,
    method,
    path: `/sessions/{id}${path}`,
    credential: "personal_access_token",
    repeatable,
    buckets: ["requests"],
    encode: (input: Input, context) => {
      const { id: _id, ...rest } = input;
      const params = onSession(input, context);
      return method === "GET" ? { params } : { params, body: { kind: "json", value: rest as JsonValue } };
    },
    decode: (response) => decodeSession(response.body),
  });

export const referenceOperations: ReferenceOperations = {
  sessions: {
    create: defineOperation({
      name: "sessions.create",
      summary: "Makes a session",
      method: "POST",
      path: "/sessions",
      credential: "personal_access_token",
      repeatable: "never",
      buckets: ["requests"],
      encode: ({ name, account }: ReferenceSessionInput) => ({ body: { kind: "json", value: { name, account } } }),
      decode: (response) => decodeSession(response.body),
    }),
    list: defineOperation({
      name: "sessions.list",
      summary: "Every session of the account",
      method: "GET",
      path: "/sessions",
      credential: "personal_access_token",
      repeatable: "always",
      buckets: ["requests"],
      encode: (_input: Record<string, never>) => ({}),
      decode: (response): readonly ReferenceSession[] => {
        if (!Array.isArray(response.body)) throw malformed("a list of sessions");
        return response.body.map(decodeSession);
      },
    }),
    get: session("get", "Reads one session", "GET", ""),
    connect: session("connect", "Brings a session online, or shows a code to link it with", "POST", "/connect"),
    newCode: session("newCode", "Replaces the code on show", "POST", "/code"),
    answer: session("answer", "Answers a passkey challenge", "POST", "/answer", "never"),
    pause: session("pause", "Goes offline and keeps the link", "POST", "/pause"),
    unlink: session("unlink", "Unlinks the account", "POST", "/unlink"),
    rotateKey: {
      ...session("rotateKey", "Replaces the session's key", "POST", "/key", "never"),
      learn: ({ key }) => ({ secrets: { session_key: key } }),
    },
    remove: defineOperation({
      name: "sessions.remove",
      summary: "Ends a session for good",
      method: "DELETE",
      path: "/sessions/{id}",
      credential: "personal_access_token",
      repeatable: "always",
      buckets: ["requests"],
      encode: (input: WhichSession, context) => ({ params: onSession(input, context) }),
      decode: nothing,
    }),
  },
  messages: {
    send: defineOperation({
      name: "messages.send",
      summary: "Sends a message",
      method: "POST",
      path: "/messages",
      credential: "session_key",
      repeatable: "never",
      buckets: ["sends"],
      encode: ({ id: _id, priority: _priority, ...message }: OutboundMessage) => ({
        body: { kind: "json", value: message as JsonValue },
      }),
      decode: (response): SendReceipt => {
        const { id, status } = objectOf(response.body, "a receipt");
        if (typeof id !== "string" || typeof status !== "string") throw malformed("a receipt");
        return { providerMessageId: id, status };
      },
    }),
    get: defineOperation({
      name: "messages.get",
      summary: "How far a sent message got, and the key under which receipts name it",
      method: "GET",
      path: "/messages/{id}",
      credential: "session_key",
      repeatable: "always",
      buckets: ["requests"],
      encode: ({ id }: { id: string }) => ({ params: { id } }),
      decode: (response): MessageProgress => {
        const { key, status } = objectOf(response.body, "a message");
        if (typeof key !== "string") throw malformed("a message");
        const known = deliveryOrder.find((candidate) => candidate === status);
        return { messageKey: key, ...(known ? { status: known } : {}) };
      },
    }),
    edit: defineOperation({
      name: "messages.edit",
      summary: "Replaces the text of a sent message",
      method: "PATCH",
      path: "/messages/{id}",
      credential: "session_key",
      repeatable: "always",
      buckets: ["sends"],
      encode: ({ id, text }: { id: string; text: string }) => ({
        params: { id },
        body: { kind: "json", value: { text } },
      }),
      decode: expectObject,
    }),
    remove: defineOperation({
      name: "messages.remove",
      summary: "Deletes a sent message for everybody",
      method: "DELETE",
      path: "/messages/{id}",
      credential: "session_key",
      repeatable: "always",
      buckets: ["sends"],
      encode: ({ id }: { id: string }) => ({ params: { id } }),
      decode: nothing,
    }),
  },
  asks: referenceAskOperations,
  presence: {
    set: defineOperation({
      name: "presence.set",
      summary: "Tells a chat what we are doing",
      method: "PUT",
      path: "/presence/{chat}",
      credential: "session_key",
      repeatable: "always",
      buckets: ["requests"],
      encode: ({ chat, kind }: { chat: string; kind: PresenceKind }) => ({
        params: { chat },
        body: { kind: "json", value: { kind } },
      }),
      decode: expectObject,
    }),
  },
};

function decodeSession(body: unknown): ReferenceSession {
  const { id, name, status, key, signing_secret, account, expected, challenge } = objectOf(body, "a session");
  if (![id, status, key, signing_secret].every((value) => typeof value === "string" && value !== ""))
    throw malformed("a session");
  const shown = challenge === undefined ? undefined : decodeChallenge(challenge);
  return {
    id: id as string,
    status: status as string,
    key: key as string,
    signingSecret: signing_secret as string,
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof account === "string" ? { account } : {}),
    ...(typeof expected === "string" ? { expected } : {}),
    ...(shown ? { challenge: shown } : {}),
  };
}

function decodeChallenge(value: unknown): IssuedChallenge {
  const { kind, artefact, lifetime_ms } = objectOf(value, "a challenge");
  if (typeof kind !== "string" || typeof artefact !== "string") throw malformed("a challenge");
  return { kind, artefact, ...(typeof lifetime_ms === "number" ? { lifetimeMs: lifetime_ms } : {}) };
}

function nothing(): void {}

function expectObject(response: WireResponse): void {
  objectOf(response.body, "an object");
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(what);
  return value as Readonly<Record<string, unknown>>;
}

function malformed(what: string): ColloquyError {
  return new ColloquyError({ code: "RESPONSE_MALFORMED", message: `The answer is not ${what}.` });
}
