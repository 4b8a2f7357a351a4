import { isDeepStrictEqual } from "node:util";
import type { AskProgress, JsonValue, SessionContext } from "@colloquy/core/contract";
import { isRecord, type JsonRecord } from "./json.js";
import type { OrgSession } from "./operations/session.js";
import { fieldsOf, problemsOfAnswer } from "./template/check-answer.js";

/** What a session began with: the fields of its data before anybody answered. Undefined when it was not seen before. */
export function initialDataOf({ settings }: Pick<SessionContext, "settings">): JsonRecord | undefined {
  const data: unknown = settings["messageData"];
  return isRecord(data) ? data : undefined;
}

/**
 * The server's word for how a session stands, made exact. It has one word, `failed`, for an answer that did not fit and for a
 * question that was called off; the first leaves the answer in the data. And it is late with `expired`.
 */
export function wordOf(session: OrgSession, initial: JsonRecord | undefined): string {
  if (session.isOverdue) return "expired";
  if (session.status !== "failed" || initial === undefined) return session.status;
  return isDeepStrictEqual(session.messageData, initial) ? "rejected" : "failed";
}

/** How a question stands. */
export function progressOf(session: OrgSession, initial: JsonRecord | undefined): AskProgress {
  switch (wordOf(session, initial)) {
    case "validated":
    case "completed":
      return { state: "answered", answer: answerIn(session, initial) };
    case "rejected":
      return { state: "rejected" };
    case "expired":
      return { state: "expired" };
    case "failed":
      return { state: "failed", reason: reasonOf(session) };
    default:
      return { state: "pending" };
  }
}

/**
 * The answer is nowhere by itself: the server puts it into the session's data. It is what the template asks for, and what was
 * not there, or was another, before.
 */
function answerIn({ messageData, messageDataTemplate }: OrgSession, initial: JsonRecord = {}): JsonValue {
  const asked = new Set(fieldsOf(messageDataTemplate));
  const told = Object.entries(messageData).filter(
    ([key, value]) => asked.has(key) || !Object.hasOwn(initial, key) || !isDeepStrictEqual(value, initial[key]),
  );
  return Object.fromEntries(told) as JsonValue;
}

/** Names the fields, never a value. */
function reasonOf({ messageData, messageDataTemplate }: OrgSession): string {
  const fields = Object.keys(problemsOfAnswer(messageData, messageDataTemplate));
  return fields.length === 0
    ? "The answer was refused."
    : `The answer did not fit the session's template: ${fields.slice(0, 10).join(", ")}.`;
}
