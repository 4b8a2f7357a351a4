import type { Account } from "../account.js";
import { deleteChat, readChat } from "../chats.js";
import { resolveJid } from "../contacts.js";
import { toJid } from "../jid.js";
import type { Session } from "../session.js";
import { type Call, ring } from "./call.js";
import { deleteInbound, editInbound } from "./correction.js";
import { changePortrait } from "./portrait.js";
import { react } from "./reaction.js";
import { vote } from "./vote.js";

/**
 * What people do besides writing. `from` is a phone number; `messageId` is the WhatsApp id of a message, as `receive`
 * returns it and as `sent` shows it in `key.id`.
 */
export type Happening =
  /** Somebody reacts to a message; an empty emoji takes the reaction back. */
  | { kind: "reaction"; from: string; messageId: string; emoji: string }
  /** Somebody chooses options of a poll that the session sent; no option takes the vote back. */
  | { kind: "vote"; from: string; messageId: string; options: string[] }
  /** The sender corrects a message that the session received. */
  | { kind: "edit"; messageId: string; text: string }
  /** The sender deletes a message that the session received. */
  | { kind: "deletion"; messageId: string }
  /** Somebody calls. `status` is "offer" when left out. */
  | ({ kind: "call" } & Call)
  /** The phone's owner reads a chat, named by a phone number or a JID. */
  | { kind: "chat_read"; chat: string }
  /** The phone's owner deletes a chat. */
  | { kind: "chat_deleted"; chat: string }
  /** A contact changes its picture; null takes it away. */
  | { kind: "portrait"; of: string; imgUrl: string | null };

/** Carries it out and tells the receiver. Throws when it is about a message or person that does not exist. */
export function happen(account: Account, session: Session, happening: Happening): void {
  if (session.linkedAs === null)
    throw new Error(`Session ${session.id} has no phone linked, so nothing happens on it.`);
  switch (happening.kind) {
    case "reaction":
      return react(account, session, happening);
    case "vote":
      return vote(account, session, happening);
    case "edit":
      return editInbound(account, session, happening);
    case "deletion":
      return deleteInbound(account, session, happening);
    case "call":
      return ring(account, session, happening);
    case "chat_read":
      return readChat(account, session, chatOf(account, session, happening.chat));
    case "chat_deleted":
      return deleteChat(account, session, chatOf(account, session, happening.chat));
    case "portrait":
      return changePortrait(account, session, happening);
  }
}

/** The chat as the session's events name it: one that has unread messages keeps the address that they came from. */
function chatOf(account: Account, session: Session, chat: string): string {
  const jid = toJid(chat);
  const isSame = (known: string): boolean => known === jid || resolveJid(account, session, known) === jid;
  return [...session.unread.keys()].find(isSame) ?? jid;
}
