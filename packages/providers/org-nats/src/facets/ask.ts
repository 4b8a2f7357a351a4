import {
  type AskFacet,
  type AskProgress,
  type AskQuestion,
  type AskReceipt,
  call,
  callOf,
  type JsonValue,
  type Operation,
  type Problem,
  type Procedure,
  type SessionContext,
} from "@colloquy/core/contract";
import { isGone } from "../lifecycle.js";
import { messages, type Question } from "../operations/messages.js";
import type { JsonObject } from "../operations/new-session.js";
import { responses } from "../operations/responses.js";
import { sessions } from "../operations/sessions.js";
import { initialDataOf, progressOf } from "../outcome.js";

const { name, summary, method, path, credential, repeatable, buckets, encode } = messages.send;

/** The same exchange, its answer as core stores it. */
const ask: Operation<Question, AskReceipt> = {
  name,
  summary,
  method,
  path,
  credential,
  repeatable,
  buckets,
  encode,
  decode: (response) => {
    messages.send.decode(response);
    return {};
  },
};

/** A session is one question to a human: REST says how it stands, and NATS only when to look. */
export function askFacet(pollMs: number): AskFacet {
  return {
    check: problemsOfQuestion,
    ask: (question, context) => callOf(ask, questionOf(question, context)),
    *settle(_question, _mark, context) {
      const progress = yield* lookAtAnswer(context);
      // The server stores nothing of a question, and fails although the human has it. So nothing is repeated, and an answer is
      // waited for until the deadline: if the human has the question, it will be seen.
      return { progress };
    },
    progress: (_question, _receipt, context) => lookAtAnswer(context),
    withdraw: (_question, _receipt, why, { remoteId: sessionId }) =>
      callOf(why === "expired" ? sessions.expire : sessions.reject, { sessionId }),
    remind: (question, _receipt, context) => callOf(ask, questionOf(question, context)),
    relay: (_question, answer, context) =>
      callOf(responses.give, { sessionId: context.remoteId, answer: answerObject(answer, context) }),
    pollMs,
    // Of two answers nobody could tell which question each is for.
    maxPending: 1,
  };
}

function questionOf(question: AskQuestion, context: SessionContext): Question {
  return { sessionId: context.remoteId, channelId: channelOf(question, context) ?? "", message: question.text };
}

/** The server takes objects only. A plain answer is meant for the one field that the template asks for. */
function answerObject(answer: JsonValue, { settings }: SessionContext): JsonObject {
  if (typeof answer === "object" && answer !== null && !Array.isArray(answer)) return answer as JsonObject;
  const fields: unknown = settings["answerFields"];
  const [field = "answer"]: readonly unknown[] = Array.isArray(fields) && fields.length === 1 ? fields : [];
  return { [typeof field === "string" ? field : "answer"]: answer };
}

function* lookAtAnswer(context: SessionContext): Procedure<AskProgress> {
  try {
    return progressOf(yield* call(sessions.get, { sessionId: context.remoteId }), initialDataOf(context));
  } catch (error) {
    if (!isGone(error)) throw error;
    return { state: "failed", reason: "The session does not exist any more." };
  }
}

function channelOf({ to }: AskQuestion, { settings }: SessionContext): string | undefined {
  const channel = to ?? settings["receptionChannelId"];
  return typeof channel === "string" && channel.trim() !== "" ? channel : undefined;
}

function problemsOfQuestion(question: AskQuestion, context: SessionContext): readonly Problem[] {
  const problems: Problem[] = [];
  if (question.text.trim() === "") problems.push({ field: "text", message: "May not be blank." });
  if (channelOf(question, context) === undefined)
    problems.push({ field: "to", message: "Name the channel to ask, here or as the session's receptionChannelId." });
  for (const field of Object.keys(question.details ?? {}))
    problems.push({ field: `details.${field}`, message: "Is not known to this provider." });
  return problems;
}
