import type { Account } from "./account.js";
import { touchChat } from "./chats.js";
import { digitsOf, lidOf, toJid, userJid } from "./jid.js";
import { type MessageKey, messageId } from "./message.js";
import type { Session } from "./session.js";
import { emitWebhook } from "./webhooks.js";

/** A message that somebody sends to a session. */
export interface InboundInput {
  /** Phone number of the sender; or a channel, `<digits>@newsletter`. */
  from: string;
  text: string;
  /** The name that the sender shows. */
  name?: string;
  /** `<id>@g.us`, when it was said in a group. */
  group?: string;
}

/** A message that somebody sent to a session. */
export interface InboundView extends InboundInput {
  id: string;
  sessionId: number;
  atMs: number;
}

/** The same with its identifier and, for media, its content instead of the plain text. */
export interface Inbound extends InboundInput {
  id: string;
  atMs: number;
  content?: Record<string, unknown>;
}

/** A message comes in; while the network is down it is kept until the session is connected again. */
export function receive(
  account: Account,
  session: Session,
  input: InboundInput,
  content?: Record<string, unknown>,
): { id: string } {
  if (session.linkedAs === null) {
    throw new Error(`Session ${session.id} has no phone linked, so nobody can write to it.`);
  }
  const inbound = { ...input, id: messageId(account), atMs: account.clock.now(), ...(content ? { content } : {}) };
  account.inbound.push({ ...input, id: inbound.id, sessionId: session.id, atMs: inbound.atMs });
  if (session.status === "connected") deliverInbound(account, session, inbound);
  else session.heldInbound.push(inbound);
  return { id: inbound.id };
}

/** One message makes three events: the general one, the one of its kind, and the raw one. */
export function deliverInbound(account: Account, session: Session, inbound: Inbound): void {
  const { ignore_groups, ignore_channels } = session.settings;
  const { text } = inbound;
  const kind = kindOf(inbound);
  if ((kind === "group" && ignore_groups) || (kind === "newsletter" && ignore_channels)) return;
  const key = inboundKey(account, inbound);
  const messages = {
    key,
    pushName: inbound.name ?? digitsOf(inbound.from),
    messageBody: text,
    message: inbound.content ?? { conversation: text },
    messageTimestamp: writtenTimestamp(account, inbound.atMs),
  };
  session.lastActiveAtMs = account.clock.now();
  emitWebhook(account, session, "messages.received", { messages });
  emitWebhook(account, session, `messages-${kind}.received`, { messages });
  const upsert = account.weather.dials.upsertAsObject ? messages : [messages];
  emitWebhook(account, session, "messages.upsert", { messages: upsert });
  session.unread.set(key.remoteJid, (session.unread.get(key.remoteJid) ?? 0) + 1);
  touchChat(account, session, key.remoteJid);
}

const kindOf = ({ from, group }: InboundInput): "group" | "newsletter" | "personal" => {
  if (group !== undefined) return "group";
  return from.endsWith("@newsletter") ? "newsletter" : "personal";
};

/** Receivers met all three ways of writing the same number of seconds. */
function writtenTimestamp(account: Account, atMs: number): unknown {
  const seconds = Math.floor(atMs / 1000);
  switch (account.weather.dials.messageTimestampStyle) {
    case "number":
      return seconds;
    case "text":
      return String(seconds);
    case "long":
      return { low: seconds, high: 0, unsigned: true };
  }
}

/** With who wrote it, by number and by LID; the names of those fields differ between chats and groups. */
export interface InboundKey extends MessageKey {
  readonly [field: string]: unknown;
}

/** The key of a message that somebody sent, as the dials address people now. */
export function inboundKey(account: Account, inbound: InboundInput & { readonly id: string }): InboundKey {
  const { id, from, group } = inbound;
  const kind = kindOf(inbound);
  if (kind === "newsletter") return { id, fromMe: false, remoteJid: toJid(from) };
  const digits = digitsOf(from);
  const { lidAddressing: byLid, senderPnIsLid } = account.weather.dials;
  const lid = lidOf(digits);
  const address = byLid ? lid : userJid(digits);
  const pn = byLid && senderPnIsLid ? lid : userJid(digits);
  const addressingMode = byLid ? "lid" : "pn";
  if (kind === "personal") {
    const sender = { senderPn: pn, cleanedSenderPn: digits, senderLid: lid };
    return { id, fromMe: false, remoteJid: address, addressingMode, ...sender };
  }
  const participant = { participant: address, participantPn: pn, cleanedParticipantPn: digits, participantLid: lid };
  return { id, fromMe: false, remoteJid: group ?? address, ...participant, addressingMode };
}
