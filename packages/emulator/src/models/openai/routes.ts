import { answered, type Reply } from "../../http/reply.js";
import type { ServiceRequest } from "../../http/service.js";
import { fieldsOf, jsonReply } from "../json.js";
import { dialsAt, type ModelsState } from "../state.js";
import { complete } from "./completions.js";
import { openaiError, unknownModel } from "./errors.js";

/** The OpenAI API as far as a chat client needs it. */
export async function serveOpenai(state: ModelsState, request: ServiceRequest, path: string): Promise<Reply> {
  const reply = denial(state, request) ?? (await answered(() => answer(state, request, path)));
  const processingMs = String(state.clock.now() - request.receivedAtMs);
  const always = {
    "x-request-id": `req_${state.random.hex(32)}`,
    "openai-processing-ms": processingMs,
    "openai-version": "2020-10-01",
  };
  return { ...reply, headers: { ...always, ...reply.headers } };
}

async function answer(state: ModelsState, request: ServiceRequest, path: string): Promise<Reply> {
  const { method, bytes } = request;
  if (method === "GET" && path === "/v1/models")
    return jsonReply(200, { object: "list", data: state.openaiModels.map(listed) });
  const [, id] = /^\/v1\/models\/(.+)$/.exec(path) ?? [];
  if (method === "GET" && id !== undefined)
    return state.openaiModels.includes(id) ? jsonReply(200, listed(id)) : unknownModel(id);
  if (path !== "/v1/chat/completions") return openaiError(404, `Invalid URL (${method} ${path})`);
  if (method !== "POST")
    return openaiError(405, `Not allowed to ${method} on ${path}`, { code: "method_not_supported" });
  const fields = fieldsOf(bytes);
  if (fields === undefined) return openaiError(400, "We could not parse the JSON body of your request.");
  return complete(state, fields, request);
}

function denial(state: ModelsState, { headers }: ServiceRequest): Reply | undefined {
  const [, key] = /^Bearer\s+(\S+)$/i.exec(headers["authorization"] ?? "") ?? [];
  if (key === undefined)
    return openaiError(401, "You didn't provide an API key. Provide it in an Authorization header with Bearer auth.");
  if (state.openaiKeys.includes(key) && !dialsAt(state, "openai").keyRevoked) return undefined;
  const shown = `${key.slice(0, 3)}${"*".repeat(8)}${key.slice(-4)}`;
  return openaiError(401, `Incorrect API key provided: ${shown}.`, { code: "invalid_api_key" });
}

/** Made up, and before the emulator began. */
const createdAtSeconds = 1_735_689_600;

const listed = (id: string): object => ({ id, object: "model", created: createdAtSeconds, owned_by: "system" });
