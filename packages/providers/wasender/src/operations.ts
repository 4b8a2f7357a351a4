import { type AccountOperations, account } from "./operations/account.js";
import { type MessageOperations, messages } from "./operations/messages.js";
import { type PresenceOperations, presence } from "./operations/presence.js";
import { type SessionOperations, sessions } from "./operations/sessions.js";

/** The whole API by noun and verb: `session.provider.messages.edit({ … })`. */
export type WasenderOperations = {
  readonly sessions: SessionOperations;
  readonly account: AccountOperations;
  readonly messages: MessageOperations;
  readonly presence: PresenceOperations;
};

export const operations: WasenderOperations = { sessions, account, messages, presence };
