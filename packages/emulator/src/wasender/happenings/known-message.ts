import type { Account } from "../account.js";
import { inboundKey } from "../inbound.js";
import type { MessageKey } from "../message.js";
import type { Session } from "../session.js";

/** The key of a message that the session sent or received. Throws when there is none. */
export function knownKey(account: Account, session: Session, messageId: string): MessageKey {
  const sent = [...account.messages.values()].find(
    ({ key, sessionId }) => key.id === messageId && sessionId === session.id,
  );
  if (sent !== undefined) return sent.key;
  const received = account.inbound.find(({ id, sessionId }) => id === messageId && sessionId === session.id);
  if (received === undefined) throw new Error(`Session ${session.id} knows no message ${messageId}.`);
  return inboundKey(account, received);
}
