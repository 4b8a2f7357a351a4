import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../decode.js";
import { type NoInput, refuseProblems, type SessionTarget, sessionIdOf } from "../input.js";
import { documentOf, type NewSession, problemsOfNewSession } from "./new-session.js";
import { type OrgSession, sessionShape } from "./session.js";

// The routes of the client's documentation. The server that it was written for has none of them: there the creation is a
// query that creates nothing, the rejection an unknown route, and the expiry always fails.

const create: Operation<NewSession, OrgSession> = {
  name: "documented.create",
  summary: "Makes a session. A server as shipped takes it for a query and makes none.",
  method: "POST",
  path: "/sessions",
  credential: "personal_access_token",
  repeatable: "never",
  buckets: [],
  encode: (input) => {
    refuseProblems("documented.create", problemsOfNewSession(input));
    return { body: { kind: "json", value: documentOf(input) } };
  },
  decode: (response) =>
    decodeBody("documented.create", z.looseObject({ data: sessionShape(response.receivedAtMs) }), response).data,
};

const reject: Operation<SessionTarget, OrgSession> = {
  name: "documented.reject",
  summary: "Calls the question off.",
  method: "PATCH",
  path: "/sessions/{sessionId}",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({
    params: { sessionId: sessionIdOf("documented.reject", input, context) },
    body: { kind: "json", value: { status: "FAILED" } },
  }),
  decode: (response) =>
    decodeBody("documented.reject", z.looseObject({ data: sessionShape(response.receivedAtMs) }), response).data,
};

const triggered = z.looseObject({ status: z.string().min(1) });

const expireDue: Operation<NoInput, { readonly status: string }> = {
  name: "documented.expireDue",
  summary: "Marks every session whose date is past. A server as shipped always fails here.",
  method: "POST",
  path: "/sessions/expire",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: () => ({ body: { kind: "json", value: {} } }),
  decode: (response) => ({ status: decodeBody("documented.expireDue", triggered, response).status }),
};

export type DocumentedOperations = {
  readonly create: typeof create;
  readonly reject: typeof reject;
  readonly expireDue: typeof expireDue;
};

export const documented: DocumentedOperations = { create, reject, expireDue };
