import { type AccountOperations, account } from "./operations/account.js";
import { type ContactOperations, contacts } from "./operations/contacts.js";
import { type GroupOperations, groups } from "./operations/groups.js";
import { type LookupOperations, lookups } from "./operations/lookups.js";
import { type MediaOperations, media } from "./operations/media.js";
import { type MessageOperations, messages } from "./operations/messages.js";
import { type PresenceOperations, presence } from "./operations/presence.js";
import { type SessionOperations, sessions } from "./operations/sessions.js";

/** The whole API by noun and verb: `session.provider.messages.edit({ … })`. */
export type WasenderOperations = {
  readonly sessions: SessionOperations;
  readonly account: AccountOperations;
  readonly messages: MessageOperations;
  readonly presence: PresenceOperations;
  readonly media: MediaOperations;
  readonly contacts: ContactOperations;
  readonly groups: GroupOperations;
  readonly lookups: LookupOperations;
};

export const operations: WasenderOperations = {
  sessions,
  account,
  messages,
  presence,
  media,
  contacts,
  groups,
  lookups,
};
