import { call, callOf, type EditFacet, type PresenceFacet, type SendFacet } from "@colloquy/core/contract";
import { problemsOfMessage } from "../message-body.js";
import { messages } from "../operations/messages.js";
import { presence } from "../operations/presence.js";
import { logReceiptPrefix, settle } from "./settle.js";

export const sendFacet: SendFacet = {
  check: problemsOfMessage,
  send: (message) => callOf(messages.send, message),
  settle,
  // Events name a message by WhatsApp's key only, and sending answers with another number: the message's info has both.
  *progress({ providerMessageId: messageId }) {
    if (messageId.startsWith(logReceiptPrefix)) return {};
    const { messageKey, status } = yield* call(messages.info, { messageId });
    return { messageKey, ...(status ? { status } : {}) };
  },
};

export const editFacet: EditFacet = {
  edit: (providerMessageId, text) => callOf(messages.edit, { messageId: providerMessageId, text }),
  remove: (providerMessageId) => callOf(messages.remove, { messageId: providerMessageId }),
};

export const presenceFacet: PresenceFacet = {
  setPresence: (chatId, kind) => callOf(presence.set, { chatId, kind }),
};
