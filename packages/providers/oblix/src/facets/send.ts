import { callOf, type OutboundMessage, type Problem, type SendFacet } from "@colloquy/core/contract";
import { type KeptAnswer, operations } from "../operations.js";

/** The one on the other side of every session: what `to` must say. */
export const counterpart = "assistant";

/** A message is a turn; the answer comes in as a message of its own. The message's id names the turn, so none is made twice. */
export const sendFacet: SendFacet = {
  check: problemsOf,
  send: ({ id, text = "" }) => callOf(operations.turns.execute, { prompt: text, ...(id ? { requestId: id } : {}) }),
  events: (receipt) => {
    const { providerMessageId, text, modelId, answeredAtMs } = receipt as KeptAnswer;
    return [
      {
        type: "message.received",
        occurrenceId: `answer:${providerMessageId}`,
        message: {
          providerMessageId,
          chatId: counterpart,
          from: { id: counterpart, displayName: modelId },
          kind: "text",
          text,
          ...(answeredAtMs === undefined ? {} : { sentAtMs: answeredAtMs }),
        },
        raw: { modelId },
      },
    ];
  },
};

function problemsOf(message: OutboundMessage): readonly Problem[] {
  const problems: Problem[] = [];
  if (message.to !== counterpart)
    problems.push({ field: "to", message: `Must be "${counterpart}": a session has no other counterpart.` });
  if (typeof message.text !== "string" || message.text.trim() === "")
    problems.push({ field: "text", message: "May not be blank." });
  for (const field of ["replyTo", "mentions", "viewOnce"] as const)
    if (message[field] !== undefined) problems.push({ field, message: "Is not known to models." });
  return problems;
}
