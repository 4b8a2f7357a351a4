import { pythonRepr } from "../http/python.js";
import { internalErrorPage, type Reply } from "../http/reply.js";
import type { ServiceRequest } from "../http/service.js";
import type { Document } from "./collection.js";
import { publishAnswer } from "./publishing.js";
import { isDocument, json, readUncaught } from "./replies.js";
import { nowSeconds, type OrgState } from "./state.js";
import { problemsOf, TemplateCrash } from "./template.js";

/** `POST /channels/response`: an answer, which is stored whether or not it is valid, and whatever the session's status. */
export function takeResponse(state: OrgState, request: ServiceRequest): Promise<Reply> {
  return takeAnswer(state, readUncaught(request));
}

export async function takeAnswer(state: OrgState, body: Document): Promise<Reply> {
  const { session_id: id, response_data: answer } = body;
  if (isMissing(id) || answer === undefined || answer === null)
    return json(400, { error: "Missing 'session_id' or 'response_data'" });
  const session = state.sessions.findOne(String(id));
  if (session === undefined) return refusal("Session not found: No document found");
  if (!isDocument(answer)) return internalErrorPage();
  const data = { ...(isDocument(session["message_data"]) ? session["message_data"] : {}), ...answer };
  let problems: Record<string, string>;
  try {
    problems = problemsOf(data, session["message_data_template"]);
  } catch (error) {
    if (error instanceof TemplateCrash) return internalErrorPage();
    throw error;
  }
  const status = Object.keys(problems).length === 0 ? "validated" : "failed";
  const fields = { message_data: data, status, last_validated_at: nowSeconds(state) };
  // The same answer within one second changes nothing.
  if (!state.sessions.update(String(id), fields)) return refusal("Failed to update session");
  try {
    await publishAnswer(state, session, answer);
  } catch (error) {
    return json(500, { status: "error", message: error instanceof Error ? error.message : "publishing failed" });
  }
  return json(200, { status: "success", data: { status, validation_errors: problems } });
}

/** `POST /webhook/validate_response`: checks an answer and stores nothing. */
export function checkResponse(state: OrgState, request: ServiceRequest): Reply {
  const { session_id: id, response_data: answer } = readUncaught(request);
  if (isMissing(id) || answer === undefined || answer === null)
    return json(400, { error: "Missing 'session_id' or 'response_data'" });
  const session = state.sessions.findOne(String(id));
  if (session === undefined) return json(404, { error: "Session not found: No document found" });
  if (!isDocument(answer)) return internalErrorPage();
  try {
    const errors = problemsOf(answer, session["message_data_template"]);
    return Object.keys(errors).length === 0
      ? json(200, { status: "valid", errors })
      : json(422, { status: "invalid", errors });
  } catch (error) {
    if (error instanceof TemplateCrash) return internalErrorPage();
    throw error;
  }
}

function refusal(error: string): Reply {
  return json(500, { status: "error", message: pythonRepr({ error }) });
}

export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
