import type { Account } from "../account.js";
import { type InboundView, inboundKey } from "../inbound.js";
import type { Session } from "../session.js";
import { emitWebhook } from "../webhooks.js";

function received(account: Account, session: Session, messageId: string): InboundView {
  const found = account.inbound.find(({ id, sessionId }) => id === messageId && sessionId === session.id);
  if (found === undefined) throw new Error(`Session ${session.id} received no message ${messageId}.`);
  return found;
}

/** A correction comes as a message of its own, which carries the new text. */
export function editInbound(
  account: Account,
  session: Session,
  { messageId, text }: Readonly<{ messageId: string; text: string }>,
): void {
  const nowMs = account.clock.now();
  const key = inboundKey(account, received(account, session, messageId));
  const { id, fromMe, remoteJid } = key;
  const protocolMessage = {
    key: { id, fromMe, remoteJid },
    type: 14,
    timestampMs: String(nowMs),
    editedMessage: { extendedTextMessage: { text } },
  };
  const edit = { key, message: { protocolMessage }, messageTimestamp: Math.floor(nowMs / 1000) };
  const messages = account.weather.dials.upsertAsObject ? edit : [edit];
  emitWebhook(account, session, "messages.upsert", { messages });
}

export function deleteInbound(
  account: Account,
  session: Session,
  { messageId }: Readonly<{ messageId: string }>,
): void {
  const { id, fromMe, remoteJid } = inboundKey(account, received(account, session, messageId));
  emitWebhook(account, session, "messages.delete", { keys: [{ id, fromMe, remoteJid }] });
}
