import { pythonLength } from "../http/python.js";
import type { ServiceRequest } from "../http/service.js";
import { type Detail, refuse, refuseInternally } from "./envelope.js";
import type { AtlusState } from "./state.js";

export type Fields = Readonly<Record<string, unknown>>;

/** The body as an object. Everything that is no object meets what the service has for it. */
export function readFields(state: AtlusState, request: ServiceRequest, requestId: string): Fields {
  const contentType = request.headers["content-type"] ?? "";
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(contentType))
    refuse(state, requestId, "INVALID_CONTENT_TYPE", "Request must be JSON");
  if (request.bytes === undefined) return refuseInternally(state, requestId);
  let body: unknown;
  try {
    body = JSON.parse(request.bytes.toString("utf8"));
  } catch {
    body = null;
  }
  if (body === null) return refuse(state, requestId, "INVALID_JSON", "Invalid JSON in request body");
  if (typeof body !== "object" || Array.isArray(body)) return refuseInternally(state, requestId);
  return body as Fields;
}

type Check = (value: unknown) => Omit<Detail, "field"> | undefined;

const text: Check = (value) =>
  typeof value === "string" ? undefined : { message: "Input should be a valid string", type: "string_type" };

const nullable =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value);

const record: Check = (value) =>
  typeof value === "object" && !Array.isArray(value)
    ? undefined
    : { message: "Input should be a valid dictionary", type: "dict_type" };

const longestMessage = 5_000;

/** Lengths count code points, as Python does. */
const message: Check = (value) => {
  const wrong = text(value);
  if (wrong) return wrong;
  const said = value as string;
  if (said === "") return { message: "String should have at least 1 character", type: "string_too_short" };
  if (pythonLength(said) > longestMessage)
    return { message: `String should have at most ${longestMessage} characters`, type: "string_too_long" };
  return said.trim() === "" ? { message: "Value error, message cannot be empty", type: "value_error" } : undefined;
};

const optional: Readonly<Record<string, Check>> = {
  session_id: nullable(text),
  user_id: nullable(text),
  metadata: nullable(record),
};

/** Refuses with every wrong field, in the schema's order. Unknown keys pass. */
export function validateFields(state: AtlusState, fields: Fields, requestId: string, isChat: boolean): void {
  const details: Detail[] = [];
  if (isChat) {
    const wrong = "message" in fields ? message(fields["message"]) : { message: "Field required", type: "missing" };
    if (wrong) details.push({ field: "message", ...wrong });
  }
  for (const [field, check] of Object.entries(optional)) {
    if (!(field in fields) || (field === "session_id" && !isChat)) continue;
    const wrong = check(fields[field]);
    if (wrong) details.push({ field, ...wrong });
  }
  if (details.length > 0) refuse(state, requestId, "VALIDATION_ERROR", "Validation failed", details);
}
