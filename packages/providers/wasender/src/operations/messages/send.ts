import type { Operation, OutboundMessage, SendReceipt } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, idText, optionalText } from "../../decode.js";
import { refuseProblems } from "../../input.js";
import { bodyOfMessage, problemsOfMessage } from "../../message-body.js";

/** What can be sent. `id` and `priority` belong to `session.send`, which also survives a crash. */
export type WasenderMessage = Omit<OutboundMessage, "id" | "priority">;

export interface WasenderSendReceipt extends SendReceipt {
  /** The recipient as given, or as a JID. */
  readonly jid?: string;
}

const receipt = z.looseObject({ data: z.looseObject({ msgId: idText, jid: optionalText, status: optionalText }) });

export const send: Operation<WasenderMessage, WasenderSendReceipt> = {
  name: "messages.send",
  summary: "Sends a message of any kind: text, media, contact, location or poll.",
  method: "POST",
  path: "/send-message",
  credential: "session_key",
  repeatable: "never",
  buckets: ["send"],
  encode: (message) => {
    refuseProblems("messages.send", problemsOfMessage(message));
    return { body: { kind: "json", value: { ...bodyOfMessage(message) } } };
  },
  decode: (response) => {
    const { msgId, jid, status } = decodeBody("messages.send", receipt, response).data;
    return {
      providerMessageId: msgId,
      status: status?.toLowerCase() ?? "in_progress",
      ...(jid === undefined ? {} : { jid }),
    };
  },
};
