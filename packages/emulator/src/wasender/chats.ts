import type { Account } from "./account.js";
import type { Session } from "./session.js";
import { emitWebhook } from "./webhooks.js";

/** Something happened in a chat, so it moves to the top of the phone's list. */
export function touchChat(account: Account, session: Session, chat: string): void {
  const conversationTimestamp = Math.floor(account.clock.now() / 1000);
  const unreadCount = session.unread.get(chat) ?? 0;
  emitWebhook(account, session, "chats.update", [{ id: chat, unreadCount, conversationTimestamp }]);
}

export function readChat(account: Account, session: Session, chat: string): void {
  session.unread.delete(chat);
  touchChat(account, session, chat);
}

export function deleteChat(account: Account, session: Session, chat: string): void {
  session.unread.delete(chat);
  emitWebhook(account, session, "chats.delete", [chat]);
}
