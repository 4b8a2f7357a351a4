import {
  callOf,
  type OutboundMessage,
  type Problem,
  type ProviderEvent,
  type SendFacet,
  type SendReceipt,
} from "@colloquy/core/contract";
import { type AtlusAnswer, type ChatOperations, problemsOfText } from "../operations/chat.js";
import { markChat, readMark, settleChat } from "../reconcile.js";

/** The one on the other side of every session: what `to` must say. */
export const counterpart = "atlus";

/** Everything goes to one recipient, so core sends one at a time and keeps the order. */
export function sendFacet(chat: ChatOperations): SendFacet {
  return {
    check: problemsOfMessage,
    send: ({ text = "" }, { settings }) => {
      const userId = settings["userId"];
      return callOf(chat.send, { message: text, ...(typeof userId === "string" ? { userId } : {}) });
    },
    events: (receipt) => eventsOf(receipt),
    *mark(_message, context) {
      return { ...(yield* markChat(context)) };
    },
    // An answer that was lost cannot be read again: only that the chat never arrived is worth knowing.
    *settle(_message, { mark }, context) {
      const fate = yield* settleChat(context, readMark(mark));
      return fate === "not_arrived" ? "not_taken" : undefined;
    },
  };
}

function problemsOfMessage(message: OutboundMessage): readonly Problem[] {
  const problems: Problem[] = [];
  if (message.to !== counterpart)
    problems.push({ field: "to", message: `Must be "${counterpart}": a session has no other counterpart.` });
  problems.push(...problemsOfText("text", message.text));
  for (const field of ["replyTo", "mentions", "viewOnce"] as const)
    if (message[field] !== undefined) problems.push({ field, message: "Is not known to ATLUS." });
  return problems;
}

/** The answer to a chat is its reply, so a message comes in with each one that goes out. */
function eventsOf(receipt: SendReceipt): readonly ProviderEvent[] {
  const { providerMessageId, text, sessionId, executionTimeMs, answeredAtMs } = receipt as AtlusAnswer;
  return [
    {
      type: "message.received",
      occurrenceId: `answer:${providerMessageId}`,
      message: {
        providerMessageId,
        chatId: counterpart,
        from: { id: counterpart, displayName: "ATLUS" },
        kind: "text",
        text,
        ...(answeredAtMs === undefined ? {} : { sentAtMs: answeredAtMs }),
      },
      raw: {
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(executionTimeMs === undefined ? {} : { executionTimeMs }),
      },
    },
  ];
}
