import { callOf, type EditFacet, type PresenceFacet, type SendFacet } from "@colloquy/core/contract";
import { problemsOfMessage } from "../message-body.js";
import { messages } from "../operations/messages.js";
import { presence } from "../operations/presence.js";

export const sendFacet: SendFacet = {
  check: problemsOfMessage,
  send: (message) => callOf(messages.send, message),
};

export const editFacet: EditFacet = {
  edit: (providerMessageId, text) => callOf(messages.edit, { messageId: providerMessageId, text }),
  remove: (providerMessageId) => callOf(messages.remove, { messageId: providerMessageId }),
};

export const presenceFacet: PresenceFacet = {
  setPresence: (chatId, kind) => callOf(presence.set, { chatId, kind }),
};
