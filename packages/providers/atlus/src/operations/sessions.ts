import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText } from "../decode.js";
import {
  type Metadata,
  problemsOfOwner,
  refuseProblems,
  requestIdHeaders,
  requiredSessionId,
  type SessionTarget,
} from "../input.js";
import { type AtlusSession, sessionBody } from "./session.js";

export interface NewSession {
  /** Whose long-term memory the session uses. Default: the service's `default_user`. */
  readonly userId?: string;
  /** Kept by the service and given back. */
  readonly metadata?: Metadata;
}

export interface RemovedSession {
  readonly sessionId?: string;
  readonly message?: string;
}

const create: Operation<NewSession, AtlusSession> = {
  name: "sessions.create",
  summary: "Makes a session with an empty memory.",
  method: "POST",
  path: "/api/v1/sessions",
  credential: "personal_access_token",
  repeatable: "never",
  buckets: ["session_create"],
  encode: (input, context) => {
    refuseProblems("sessions.create", problemsOfOwner(input));
    const { userId, metadata } = input;
    const value = {
      ...(userId === undefined ? {} : { user_id: userId }),
      ...(metadata === undefined ? {} : { metadata }),
    };
    return { headers: requestIdHeaders(context), body: { kind: "json", value } };
  },
  decode: (response) => decodeBody("sessions.create", sessionBody, response),
};

const get: Operation<SessionTarget, AtlusSession> = {
  name: "sessions.get",
  summary: "Reads a session and what its memory holds.",
  method: "GET",
  path: "/api/v1/sessions/{sessionId}",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: ["session_get"],
  encode: (input, context) => ({
    params: { sessionId: requiredSessionId("sessions.get", input, context) },
    headers: requestIdHeaders(context),
  }),
  decode: (response) => decodeBody("sessions.get", sessionBody, response),
};

const removed = z.looseObject({ success: z.literal(true), session_id: optionalText, message: optionalText });

const remove: Operation<SessionTarget, RemovedSession> = {
  name: "sessions.remove",
  summary: "Deletes a session and its memory for good.",
  method: "DELETE",
  path: "/api/v1/sessions/{sessionId}",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: ["session_delete"],
  encode: (input, context) => ({
    params: { sessionId: requiredSessionId("sessions.remove", input, context) },
    headers: requestIdHeaders(context),
  }),
  decode: (response) => {
    const { session_id: sessionId, message } = decodeBody("sessions.remove", removed, response);
    return { ...(sessionId === undefined ? {} : { sessionId }), ...(message === undefined ? {} : { message }) };
  },
};

const continueLast: Operation<{ readonly userId?: string }, AtlusSession> = {
  name: "sessions.continue",
  summary: "The active session of a user that was used last, without its memory.",
  method: "GET",
  path: "/api/v1/sessions/continue",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: ["session_continue"],
  encode: (input, context) => {
    refuseProblems("sessions.continue", problemsOfOwner(input));
    return { query: { user_id: input.userId }, headers: requestIdHeaders(context) };
  },
  decode: (response) => decodeBody("sessions.continue", sessionBody, response),
};

export type SessionOperations = {
  readonly create: typeof create;
  readonly get: typeof get;
  readonly remove: typeof remove;
  readonly continue: typeof continueLast;
};

export const sessions: SessionOperations = { create, get, remove, continue: continueLast };
