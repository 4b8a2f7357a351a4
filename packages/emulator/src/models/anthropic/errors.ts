import type { Reply } from "../../http/reply.js";
import { jsonReply } from "../json.js";

const statuses = {
  invalid_request_error: 400,
  authentication_error: 401,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  overloaded_error: 529,
} as const;

export type AnthropicErrorType = keyof typeof statuses;

export const errorBody = (type: AnthropicErrorType, message: string): object => ({
  type: "error",
  error: { type, message },
});

/** The envelope of every error; the server adds the request's id. */
export const anthropicError = (
  type: AnthropicErrorType,
  message: string,
  headers: Record<string, string> = {},
): Reply => jsonReply(statuses[type], errorBody(type, message), headers);
