import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../decode.js";
import { refuseProblems, type SessionTarget, sessionIdOf } from "../input.js";
import { isRecord } from "../json.js";
import type { JsonObject } from "./new-session.js";

export interface AnswerInput extends SessionTarget {
  readonly answer: JsonObject;
}

export interface AnswerVerdict {
  readonly isValid: boolean;
  /** By field, in the server's words. */
  readonly errors: Readonly<Record<string, string>>;
}

const errors = z.record(z.string(), z.string()).catch({});
const taken = z.looseObject({
  data: z.looseObject({ status: z.enum(["validated", "failed"]), validation_errors: errors }),
});
const checked = z.looseObject({ status: z.literal("valid") });

const encodeAnswer =
  (operation: string): Operation<AnswerInput, AnswerVerdict>["encode"] =>
  (input, context) => {
    if (!isRecord(input.answer))
      refuseProblems(operation, [{ field: "answer", message: "Must be an object: the server fails on others." }]);
    const value = { session_id: sessionIdOf(operation, input, context), response_data: input.answer };
    return { body: { kind: "json", value } };
  };

const give: Operation<AnswerInput, AnswerVerdict> = {
  name: "responses.give",
  summary: "Answers as the human: stored, valid or not, whatever the session's status is.",
  method: "POST",
  path: "/channels/response",
  credential: "personal_access_token",
  // It would be told a second time.
  repeatable: "never",
  buckets: [],
  encode: encodeAnswer("responses.give"),
  decode: (response) => {
    const { data } = decodeBody("responses.give", taken, response);
    return { isValid: data.status === "validated", errors: data.validation_errors };
  },
};

const validate: Operation<AnswerInput, AnswerVerdict> = {
  name: "responses.validate",
  summary:
    "Checks an answer alone by the session's template, and stores nothing. One that does not fit is refused by field.",
  method: "POST",
  path: "/webhook/validate_response",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: encodeAnswer("responses.validate"),
  decode: (response) => {
    decodeBody("responses.validate", checked, response);
    return { isValid: true, errors: {} };
  },
};

export type ResponseOperations = { readonly give: typeof give; readonly validate: typeof validate };

export const responses: ResponseOperations = { give, validate };
