import type { EncodeContext, Operation, RequestParts, WireResponse } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../decode.js";
import { refuseProblems, type SessionTarget, sessionIdOf } from "../input.js";
import {
  documentOf,
  type JsonObject,
  type NewSession,
  problemsOfNewSession,
  problemsOfSettings,
} from "./new-session.js";
import { type OrgSession, sessionShape } from "./session.js";

/** What the server noted of a change. */
export interface Noted {
  readonly message: string;
}

export interface SessionChange extends SessionTarget, Partial<Omit<NewSession, "sessionId">> {
  /** The server takes any text, from any status to any other. */
  readonly status?: string;
}

const noted = z.looseObject({ data: z.looseObject({ message: z.string().min(1) }) });

const readNoted = (operation: string, response: WireResponse): Noted => ({
  message: decodeBody(operation, noted, response).data.message,
});

export const create: Operation<NewSession, Noted> = {
  name: "sessions.create",
  summary: "Stores a session. The answer does not hold it.",
  method: "POST",
  path: "/session",
  credential: "personal_access_token",
  // A second one is stored beside the first.
  repeatable: "never",
  buckets: [],
  encode: (input) => {
    refuseProblems("sessions.create", problemsOfNewSession(input));
    return { body: { kind: "json", value: documentOf(input) } };
  },
  decode: (response) => readNoted("sessions.create", response),
};

export const get: Operation<SessionTarget, OrgSession> = {
  name: "sessions.get",
  summary: "Reads a session: its status, and what was answered.",
  method: "GET",
  path: "/session/{sessionId}",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({ params: { sessionId: sessionIdOf("sessions.get", input, context) } }),
  decode: (response) =>
    decodeBody("sessions.get", z.looseObject({ data: sessionShape(response.receivedAtMs) }), response).data,
};

function change(operation: string, input: SessionChange, context: EncodeContext): RequestParts {
  const { sessionId: _id, status, ...settings } = input;
  refuseProblems(operation, problemsOfSettings(settings));
  const written = documentOf({ sessionId: "", ...settings });
  const given: readonly (readonly [unknown, string])[] = [
    [settings.subjectId, "subject_id"],
    [settings.messageData, "message_data"],
    [settings.messageDataTemplate, "message_data_template"],
    [settings.expiresAtMs, "expiry_date"],
    [settings.receptionChannelId, "reception_channel_id"],
    [settings.dslExecutionId, "dsl_execution_id"],
  ];
  const fields = given.flatMap(([value, key]) => (value === undefined ? [] : [[key, written[key] ?? null] as const]));
  const value: JsonObject = { ...Object.fromEntries(fields), ...(status === undefined ? {} : { status }) };
  if (Object.keys(value).length === 0)
    refuseProblems(operation, [
      { field: "status", message: "Say what to change: the server refuses an empty change." },
    ]);
  return { params: { sessionId: sessionIdOf(operation, input, context) }, body: { kind: "json", value } };
}

export const update: Operation<SessionChange, Noted> = {
  name: "sessions.update",
  summary: "Sets fields. A change that changes nothing, and an unknown id, are both refused as not found.",
  method: "PUT",
  path: "/session/{sessionId}",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => change("sessions.update", input, context),
  decode: (response) => readNoted("sessions.update", response),
};

const setStatus = (name: string, summary: string, status: string): Operation<SessionTarget, Noted> => ({
  ...update,
  name,
  summary,
  encode: (input, context) => change(name, { ...input, status }, context),
  decode: (response) => readNoted(name, response),
});

export const reject: Operation<SessionTarget, Noted> = setStatus(
  "sessions.reject",
  "Calls the question off: sets the status to `failed`. Refused as not found when it is failed already.",
  "failed",
);

export const expire: Operation<SessionTarget, Noted> = setStatus(
  "sessions.expire",
  "Sets the status to `expired` now, instead of at the server's next sweep.",
  "expired",
);

export const remove: Operation<SessionTarget, Noted> = {
  name: "sessions.remove",
  summary: "Deletes a session with what was answered.",
  method: "DELETE",
  path: "/session/{sessionId}",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({ params: { sessionId: sessionIdOf("sessions.remove", input, context) } }),
  decode: (response) => readNoted("sessions.remove", response),
};

/** A filter of the server's database, by the document's own keys: `{ status: "pending" }`. */
export type SessionFilter = JsonObject;

const isOperator = (key: string): boolean => key === "$where" || key === "$expr" || key === "$function";

function hasCode(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, member]) => isOperator(key) || hasCode(member));
}

export const query: Operation<SessionFilter, readonly OrgSession[]> = {
  name: "sessions.query",
  summary: "Finds sessions by a database filter. Not with a server as documented, which would take it for a creation.",
  method: "POST",
  path: "/sessions",
  credential: "personal_access_token",
  repeatable: "never",
  buckets: [],
  encode: (filter) => {
    if (hasCode(filter))
      refuseProblems("sessions.query", [{ field: "filter", message: "Code in a filter is not sent." }]);
    return { body: { kind: "json", value: filter } };
  },
  decode: (response) => {
    const shape = z.looseObject({ data: z.array(sessionShape(response.receivedAtMs)) });
    return decodeBody("sessions.query", shape, response).data;
  },
};

export type SessionOperations = {
  readonly create: typeof create;
  readonly get: typeof get;
  readonly update: typeof update;
  readonly remove: typeof remove;
  readonly query: typeof query;
  readonly reject: typeof reject;
  readonly expire: typeof expire;
};

export const sessions: SessionOperations = { create, get, update, remove, query, reject, expire };
