import type { Account } from "../account.js";
import { inboundKey } from "../inbound.js";
import { isGroupJid } from "../jid.js";
import { messageId as freshId } from "../message.js";
import type { Session } from "../session.js";
import { emitWebhook } from "../webhooks.js";
import { knownKey } from "./known-message.js";

/** The reaction has a key of its own, beside that of the message which it is about. */
export function react(
  account: Account,
  session: Session,
  { from, messageId, emoji }: Readonly<{ from: string; messageId: string; emoji: string }>,
): void {
  const key = knownKey(account, session, messageId);
  const group = isGroupJid(key.remoteJid) ? { group: key.remoteJid } : {};
  const own = inboundKey(account, { id: freshId(account), from, text: emoji, ...group });
  emitWebhook(account, session, "messages.reaction", [{ key, reaction: { text: emoji, key: own } }]);
}
