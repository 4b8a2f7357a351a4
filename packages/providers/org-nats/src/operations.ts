import { type DocumentedOperations, documented } from "./operations/documented.js";
import { type MessageOperations, messages } from "./operations/messages.js";
import { type ResponseOperations, responses } from "./operations/responses.js";
import { type SessionOperations, sessions } from "./operations/sessions.js";

/** The whole API of the sessions server by noun and verb: `session.provider.sessions.get()`. */
export type OrgOperations = {
  readonly sessions: SessionOperations;
  readonly messages: MessageOperations;
  readonly responses: ResponseOperations;
  readonly documented: DocumentedOperations;
};

export const operations: OrgOperations = { sessions, messages, responses, documented };
