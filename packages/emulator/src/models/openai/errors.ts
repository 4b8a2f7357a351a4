import type { Reply } from "../../http/reply.js";
import { jsonReply } from "../json.js";

interface ErrorFields {
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

export const errorBody = (message: string, { type, param, code }: ErrorFields = {}): object => ({
  error: { message, type: type ?? "invalid_request_error", param: param ?? null, code: code ?? null },
});

export const openaiError = (status: number, message: string, fields: ErrorFields = {}): Reply =>
  jsonReply(status, errorBody(message, fields));

export const unknownModel = (model: string): Reply =>
  openaiError(404, `The model \`${model}\` does not exist or you do not have access to it.`, {
    code: "model_not_found",
  });
