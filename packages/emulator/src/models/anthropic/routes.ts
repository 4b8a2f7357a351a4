import { answered, type Reply } from "../../http/reply.js";
import type { ServiceRequest } from "../../http/service.js";
import { fieldsOf, isFields, jsonReply } from "../json.js";
import { dialsAt, type ModelsState } from "../state.js";
import { anthropicError } from "./errors.js";
import { send } from "./messages.js";

const versions: ReadonlySet<string> = new Set(["2023-06-01", "2023-01-01"]);

/** The Anthropic API as far as a chat client needs it. */
export async function serveAnthropic(state: ModelsState, request: ServiceRequest, path: string): Promise<Reply> {
  const requestId = `req_${state.random.hex(24)}`;
  const reply = denial(state, request) ?? (await answered(() => answer(state, request, path)));
  return { ...withRequestId(reply, requestId), headers: { ...reply.headers, "request-id": requestId } };
}

/** Errors name their request in the body too. */
function withRequestId(reply: Reply, requestId: string): Reply {
  const body = reply.status >= 400 ? fieldsOf(Buffer.from(reply.body ?? "")) : undefined;
  return isFields(body) ? { ...reply, body: JSON.stringify({ ...body, request_id: requestId }) } : reply;
}

async function answer(state: ModelsState, request: ServiceRequest, path: string): Promise<Reply> {
  const { method, bytes } = request;
  if (method === "GET" && path === "/v1/models") return jsonReply(200, listOf(state.anthropicModels));
  if (method !== "POST" || path !== "/v1/messages") return anthropicError("not_found_error", "Not found");
  if (bytes === undefined) return anthropicError("request_too_large", "Request exceeds the maximum size");
  const fields = fieldsOf(bytes);
  if (fields === undefined)
    return anthropicError("invalid_request_error", "The request body is not valid JSON: expected an object");
  return send(state, fields, request);
}

function denial(state: ModelsState, { headers }: ServiceRequest): Reply | undefined {
  const key = headers["x-api-key"];
  if (key === undefined) return anthropicError("authentication_error", "x-api-key header is required");
  if (!state.anthropicKeys.includes(key) || dialsAt(state, "anthropic").keyRevoked)
    return anthropicError("authentication_error", "invalid x-api-key");
  const version = headers["anthropic-version"];
  if (version === undefined) return anthropicError("invalid_request_error", "anthropic-version: header is required");
  if (versions.has(version)) return undefined;
  return anthropicError("invalid_request_error", `anthropic-version: "${version}" is not a valid version`);
}

function listOf(ids: readonly string[]): object {
  const data = ids.map((id) => ({ type: "model", id, display_name: id, created_at: "2025-01-01T00:00:00Z" }));
  return { data, has_more: false, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null };
}
