import type { Account } from "./account.js";
import { touchChat } from "./chats.js";
import { digitsOf, toJid } from "./jid.js";
import { logMessage, settleMessageLog } from "./logs.js";
import { firstReader, type Message, messageId, messageStatus } from "./message.js";
import { messageContent } from "./message-content.js";
import type { Session } from "./session.js";
import { emitWebhook } from "./webhooks.js";

type Fields = Record<string, unknown>;

/**
 * Takes a message that has passed validation and limits; `fields` is what was understood of the request's `body`. What becomes of it is told by webhooks and by its info.
 */
export function acceptMessage(account: Account, session: Session, fields: Fields, body: Fields): Message {
  const nowMs = account.clock.now();
  const { to: recipient, ...content } = fields;
  const to = String(recipient);
  const message: Message = {
    msgId: ++account.lastIds.message,
    sessionId: session.id,
    to,
    body,
    content: messageContent(fields),
    key: { id: messageId(account), fromMe: true, remoteJid: toJid(to) },
    acceptedAtMs: nowMs,
    status: messageStatus.pending,
    votes: new Map(),
  };
  session.lastActiveAtMs = nowMs;
  session.acceptedSends += 1;
  account.messages.set(message.msgId, message);
  logMessage(account, session, message.msgId, to, content);
  startDelivery(account, session, message);
  return message;
}

/** From acceptance on: sent, delivered, read, played; or failed, when nobody has that number or the weather says so. */
export function startDelivery(account: Account, session: Session, message: Message): void {
  const { sentAfterMs, deliveredAfterMs, readAfterMs, playedAfterMs } = account.weather.dials;
  const { timers } = account;
  const reason = failureOf(account, message);
  if (reason !== undefined) {
    timers.after(sentAfterMs, () => fail(account, session, message, reason));
    return;
  }
  const reach = (status: number, afterMs: number): void =>
    void timers.after(afterMs, () => progress(account, session, message, status));
  timers.after(sentAfterMs, () => leave(account, session, message));
  reach(messageStatus.delivered, deliveredAfterMs);
  if (readAfterMs !== null) reach(messageStatus.read, readAfterMs);
  if (playedAfterMs !== null && isVoice(message)) reach(messageStatus.played, playedAfterMs);
}

/** What the provider will say of a message that it accepted but cannot send. */
function failureOf({ weather, random }: Account, { key, to }: Message): string | undefined {
  const { unknownNumbers, sendFailureRate } = weather.dials;
  if (unknownNumbers.map(digitsOf).includes(digitsOf(key.remoteJid)))
    return `Failed to send message: Invalid number JID: ${to}`;
  // ASSUMED: the documentation prints the text above only.
  return sendFailureRate > 0 && random.next() < sendFailureRate ? "Failed to send message: Timed Out" : undefined;
}

function isVoice({ content }: Message): boolean {
  const inner = (content["viewOnceMessage"] as { message?: object } | undefined)?.message ?? content;
  return "audioMessage" in inner;
}

function leave(account: Account, session: Session, message: Message): void {
  message.status = Math.max(message.status, messageStatus.sent);
  settleMessageLog(account, message.msgId, "sent");
  emitWebhook(account, session, "message.sent", { key: message.key, message: message.content, success: true });
  touchChat(account, session, message.key.remoteJid);
}

function fail(account: Account, session: Session, message: Message, error: string): void {
  message.status = messageStatus.error;
  settleMessageLog(account, message.msgId, "failed", error);
  emitWebhook(account, session, "message.sent", { key: message.key, success: false, error });
}

function progress(account: Account, session: Session, message: Message, status: number): void {
  if (message.status >= status) return;
  message.status = status;
  const update = { update: { status }, key: message.key };
  emitWebhook(account, session, "messages.update", account.weather.dials.updateAsArray ? [update] : update);

  const stampMs = account.clock.now();
  const userJid = firstReader(account, session, message.key.remoteJid);
  const stamp = status >= messageStatus.read ? { readTimestamp: stampMs } : { receiptTimestamp: stampMs };
  const receipt = { key: { ...message.key, participant: userJid }, receipt: { userJid, ...stamp } };
  emitWebhook(account, session, "message-receipt.update", { message: receipt });
}
