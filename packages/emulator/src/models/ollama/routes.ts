import type { Reply } from "../../http/reply.js";
import type { ServiceRequest } from "../../http/service.js";
import { fieldsOf } from "../json.js";
import type { ModelsState } from "../state.js";
import { chat } from "./chat.js";
import { contextLength, detailsOf, digestOf, fullName, isOnDisk, sizeOf } from "./disk.js";
import { pull } from "./pull.js";
import { goTime, ollamaError, ollamaReply } from "./wire.js";

/** Ollama as far as a chat client needs it. It asks for no key. */
export function serveOllama(state: ModelsState, request: ServiceRequest, path: string): Reply | Promise<Reply> {
  const { method } = request;
  const isGet = method === "GET" || method === "HEAD";
  if (isGet && path === "/") return { status: 200, headers: plain, body: "Ollama is running" };
  if (isGet && path === "/api/version") return ollamaReply(200, { version: "0.12.0" });
  if (isGet && path === "/api/tags") return ollamaReply(200, { models: [...state.ollamaModels].map(listed) });
  if (method !== "POST" || !["/api/chat", "/api/pull", "/api/show"].includes(path))
    return { status: 404, headers: plain, body: "404 page not found" };
  const fields = fieldsOf(request.bytes);
  if (fields === undefined)
    return ollamaError(400, request.bytes?.length === 0 ? "missing request body" : "invalid character in request body");
  if (path === "/api/chat") return chat(state, fields, request);
  if (path === "/api/pull") return pull(state, fields, request);
  const name = fields["model"] ?? fields["name"];
  if (typeof name !== "string" || name === "") return ollamaError(400, "model is required");
  if (!isOnDisk(state, name)) return ollamaError(404, `model '${name}' not found`);
  return ollamaReply(200, shown(fullName(name)));
}

const plain = { "Content-Type": "text/plain; charset=utf-8" };

/** A made-up instant before the emulator began. */
const modifiedAtMs = Date.UTC(2025, 0, 1);

function listed(name: string): object {
  const [size, digest] = [sizeOf(name), digestOf(name)];
  return { name, model: name, modified_at: goTime(modifiedAtMs), size, digest, details: detailsOf() };
}

function shown(name: string): object {
  return {
    modelfile: `FROM ${name}`,
    parameters: "",
    template: "{{ .Prompt }}",
    details: detailsOf(),
    model_info: { "general.architecture": "llama", "llama.context_length": contextLength },
    capabilities: ["completion"],
    modified_at: goTime(modifiedAtMs),
  };
}
