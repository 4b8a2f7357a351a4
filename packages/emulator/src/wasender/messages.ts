import type { Account } from "./account.js";
import { refuse } from "./failures.js";
import { settleMessageLog } from "./logs.js";
import { type Message, messageStatus } from "./message.js";
import { startDelivery } from "./sending.js";
import type { Session } from "./session.js";
import { emitWebhook } from "./webhooks.js";

/** A session sees only what it sent itself. */
export function findMessage(account: Account, session: Session, msgId: string): Message {
  const message = account.messages.get(Number(msgId));
  return message?.sessionId === session.id ? message : refuse("messageNotFound");
}

export function messageInfo(message: Message): Record<string, unknown> {
  return infoJson(message, message.content, message.status);
}

/** Edits the text; the answer is the protocol message that carries the edit. */
export function editMessage(
  account: Account,
  session: Session,
  message: Message,
  text: string,
): Record<string, unknown> {
  const protocolMessage = {
    key: message.key,
    type: 14,
    timestampMs: String(account.clock.now()),
    editedMessage: { extendedTextMessage: { text } },
  };
  message.content = { conversation: text };
  const edit = { key: message.key, message: { protocolMessage }, messageTimestamp: seconds(account.clock.now()) };
  emitWebhook(account, session, "messages.upsert", {
    messages: account.weather.dials.upsertAsObject ? edit : [edit],
  });
  return infoJson(message, { protocolMessage }, messageStatus.pending);
}

export function deleteMessage(account: Account, session: Session, message: Message): void {
  message.content = { protocolMessage: { key: message.key, type: 0 } };
  emitWebhook(account, session, "messages.delete", { keys: [message.key] });
}

/** Sends a failed message again. It is named by its log row, not by its `msgId`. */
export function resendMessage(account: Account, session: Session, logId: string): void {
  const rows = [...account.messageLogs.values()];
  const row = rows.find((candidate) => candidate.id === Number(logId)) ?? refuse("messageNotFound");
  const message = account.messages.get(row.msgId);
  if (row.sessionId !== session.id || message === undefined) return refuse("resendForeignLog");
  if (!session.settings.log_messages) refuse("resendNotLogged");
  if (row.status !== "failed") refuse("resendWrongState");
  settleMessageLog(account, row.msgId, "in_progress");
  message.status = messageStatus.pending;
  startDelivery(account, session, message);
}

function infoJson(message: Message, content: Record<string, unknown>, status: number): Record<string, unknown> {
  const { key, msgId, acceptedAtMs } = message;
  const messageTimestamp = String(seconds(acceptedAtMs));
  return { remoteJid: key.remoteJid, id: key.id, msgId, key, message: content, messageTimestamp, status };
}

const seconds = (atMs: number): number => Math.floor(atMs / 1000);
