import { type ChatOperations, chatOperations } from "./operations/chat.js";
import { type ServiceOperations, service } from "./operations/service.js";
import { type SessionOperations, sessions } from "./operations/sessions.js";

/** The whole API by noun and verb: `session.provider.chat.send({ … })`. */
export type AtlusOperations = {
  readonly sessions: SessionOperations;
  readonly chat: ChatOperations;
  readonly service: ServiceOperations;
};

export function operationsOf(chatTimeoutMs: number): AtlusOperations {
  return { sessions, chat: chatOperations(chatTimeoutMs), service };
}
