import { markRead, resend } from "./messages/follow-up.js";
import { edit, info, remove } from "./messages/one.js";
import { send } from "./messages/send.js";

export type MessageOperations = {
  readonly send: typeof send;
  readonly edit: typeof edit;
  readonly remove: typeof remove;
  readonly info: typeof info;
  readonly resend: typeof resend;
  readonly markRead: typeof markRead;
};

/** Sending, and what can be done with a message afterwards. */
export const messages: MessageOperations = { send, edit, remove, info, resend, markRead };
