import {
  type AskFacet,
  type AskReceipt,
  ColloquyError,
  callOf,
  type Operation,
  type Problem,
} from "@colloquy/core/contract";
import { type ChatInput, type ChatOperations, problemsOfText } from "../operations/chat.js";
import { markChat, readMark, settleChat } from "../reconcile.js";
import { counterpart } from "./send.js";

/**
 * The reply to a chat is its answer, so a question and its answer are one exchange. A reply that was lost cannot be read again:
 * the count of turns only tells whether the question arrived, and so whether asking again would be a second turn.
 */
export function askFacet({ send }: ChatOperations): AskFacet {
  const { name, summary, method, path, credential, repeatable, buckets, encode } = send;
  const { attemptTimeoutMs, maxConcurrentPerSession } = send;
  const operation: Operation<ChatInput, AskReceipt> = {
    ...{ name, summary, method, path, credential, repeatable, buckets, encode },
    ...(attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs }),
    ...(maxConcurrentPerSession === undefined ? {} : { maxConcurrentPerSession }),
    decode: (response) => {
      const { text, providerMessageId } = send.decode(response);
      return {
        providerAskId: providerMessageId,
        progress: { state: "answered", answer: text, answeredBy: counterpart },
      };
    },
  };
  return {
    check: ({ text, to, details }) => problemsOfQuestion(text, to, details),
    *mark(_question, context) {
      return { ...(yield* markChat(context)) };
    },
    ask: ({ text }, { settings }) => {
      const userId = settings["userId"];
      return callOf(operation, { message: text, ...(typeof userId === "string" ? { userId } : {}) });
    },
    *settle(_question, mark, context) {
      const fate = yield* settleChat(context, readMark(mark));
      if (fate === "gone") throw sessionGone();
      return fate === "not_arrived" ? "not_taken" : undefined;
    },
    // What becomes of a chat is told by the count of turns, which two at once would confuse.
    maxPending: 1,
    inTurnWithSends: true,
  };
}

function problemsOfQuestion(text: string, to: string | undefined, details: object | undefined): readonly Problem[] {
  const problems = [...problemsOfText("text", text)];
  if (to !== undefined && to !== counterpart)
    problems.push({ field: "to", message: `May only be "${counterpart}": a session has no other counterpart.` });
  if (details !== undefined) problems.push({ field: "details", message: "Is not known to ATLUS." });
  return problems;
}

function sessionGone(): ColloquyError {
  return new ColloquyError({
    code: "REMOTE_NOT_FOUND",
    message: "ATLUS no longer has this session, nor what was said in it.",
    providerId: "atlus",
  });
}
