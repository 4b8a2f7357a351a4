import type { Reply } from "../http/reply.js";
import type { ServiceRequest } from "../http/service.js";
import { isMissing } from "./answers.js";
import { known, sessionDefaults } from "./documents.js";
import { sweep } from "./expiry.js";
import { done, failed, json, readCaught } from "./replies.js";
import type { OrgState } from "./state.js";

// What the client's documentation says, and the real server does not do.

/** `POST /sessions` makes a session. Without a date it never expires. */
export function createSession(state: OrgState, request: ServiceRequest): Reply {
  const body = readCaught(request);
  const id = body["session_id"];
  if (typeof id !== "string" || id === "") return failed(400, "Missing 'session_id'");
  if (state.sessions.findOne(id) !== undefined) return failed(409, `Session ${id} exists already`);
  const session = known(sessionDefaults, { ...body, expiry_date: body["expiry_date"] ?? null, status: "pending" });
  state.sessions.insert(session);
  return done(session, 201);
}

/** `PATCH /sessions/{id}` changes fields. A status counts without regard to case. */
export function patchSession(state: OrgState, request: ServiceRequest, id: string): Reply {
  const body = readCaught(request);
  const found = state.sessions.findOne(id);
  if (found === undefined) return failed(404, "No document found");
  const { status } = body;
  if (status !== undefined && typeof status !== "string") return failed(400, "Invalid 'status'");
  state.sessions.update(id, { ...body, ...(isMissing(status) ? {} : { status: String(status).toLowerCase() }) });
  return done(known(sessionDefaults, found));
}

export function triggerExpiry(state: OrgState): Reply {
  sweep(state);
  return json(200, { status: "expiry_triggered" });
}

/** What the real server answers to the same, always. */
export function failToExpire(): Reply {
  const error = "'ExpiryScheduler' object has no attribute 'expire_sessions'";
  return json(500, { error });
}
