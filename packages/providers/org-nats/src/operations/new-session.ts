import type { JsonValue, Problem } from "@colloquy/core/contract";
import { isRecord } from "../json.js";
import { problemOfSessionId, problemOfSubject, subjectIdFor } from "../subjects.js";
import { problemsOfTemplate } from "../template/check-template.js";

export type JsonObject = { readonly [key: string]: JsonValue };

/** What a session begins with. */
export interface NewSession {
  /** No space and no slash. The server takes the same id twice and then finds either, so it has to be new. */
  readonly sessionId: string;
  /** What is known before anybody answers. Default: nothing. */
  readonly messageData?: JsonObject;
  /** Which answers fit; see the README for the language. Checked before anything is sent. Default: every answer does. */
  readonly messageDataTemplate?: JsonObject;
  /** Default: it never expires. */
  readonly expiresAtMs?: number;
  /** On which NATS subject answers are told, before the server's suffix. Default `hitl.<sessionId>`, which no other session has. */
  readonly subjectId?: string;
  /** The channel that is asked, where a question names none. */
  readonly receptionChannelId?: string;
  readonly dslExecutionId?: string;
}

/** The library's own default: it takes every answer. */
const anyAnswer: JsonObject = { type: "object", additionalProperties: true };

export function problemsOfNewSession(input: NewSession): readonly Problem[] {
  const problems = [...problemsOfSettings(input)];
  const wrongId = problemOfSessionId(input.sessionId);
  if (wrongId !== undefined) problems.unshift({ field: "sessionId", message: wrongId });
  // With its own id as a part of it, the subject is checked as a whole.
  else if (input.subjectId === undefined && problemOfSubject(subjectIdFor(input.sessionId)) !== undefined)
    problems.push({ field: "sessionId", message: "Does not make a subject; give a subjectId, or another id." });
  return problems;
}

/** What is wrong besides the id. */
export function problemsOfSettings(input: Omit<NewSession, "sessionId">): readonly Problem[] {
  const { messageData, messageDataTemplate, expiresAtMs, subjectId } = input;
  const problems: Problem[] = [];
  if (messageData !== undefined && !isRecord(messageData))
    problems.push({ field: "messageData", message: "Must be an object." });
  if (messageDataTemplate !== undefined) problems.push(...problemsOfTemplate(messageDataTemplate));
  // The server takes 0 for a date long past.
  if (expiresAtMs !== undefined && !(Number.isFinite(expiresAtMs) && expiresAtMs >= 1_000))
    problems.push({ field: "expiresAtMs", message: "Must be an instant: Unix milliseconds." });
  const wrongSubject = subjectId === undefined ? undefined : problemOfSubject(subjectId);
  if (wrongSubject !== undefined) problems.push({ field: "subjectId", message: wrongSubject });
  for (const field of ["receptionChannelId", "dslExecutionId"] as const)
    if (input[field] !== undefined && typeof input[field] !== "string")
      problems.push({ field, message: "Must be a text." });
  return problems;
}

/** The document as it goes out. The date is always said: without one the server would let the session expire at once. */
export function documentOf(input: NewSession): JsonObject {
  const { sessionId, messageData = {}, messageDataTemplate = anyAnswer, expiresAtMs } = input;
  return {
    session_id: sessionId,
    subject_id: input.subjectId ?? subjectIdFor(sessionId),
    message_data: messageData,
    message_data_template: messageDataTemplate,
    expiry_date: expiresAtMs === undefined ? null : Math.floor(expiresAtMs / 1_000),
    ...(input.receptionChannelId === undefined ? {} : { reception_channel_id: input.receptionChannelId }),
    ...(input.dslExecutionId === undefined ? {} : { dsl_execution_id: input.dslExecutionId }),
  };
}
