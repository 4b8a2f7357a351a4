import type { Account } from "./account.js";
import { digitsOf, lidOf, toJid, userJid } from "./jid.js";
import { messageId } from "./message.js";
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
  const isChannel = inbound.from.endsWith("@newsletter");
  const { ignore_groups, ignore_channels } = session.settings;
  if ((inbound.group !== undefined && ignore_groups) || (isChannel && ignore_channels)) return;
  const kind = inbound.group !== undefined ? "group" : isChannel ? "newsletter" : "personal";
  const { text } = inbound;
  const messages = {
    key: inboundKey(account, inbound, kind),
    pushName: inbound.name ?? digitsOf(inbound.from),
    messageBody: text,
    message: inbound.content ?? { conversation: text },
    messageTimestamp: Math.floor(inbound.atMs / 1000),
  };
  session.lastActiveAtMs = account.clock.now();
  emitWebhook(account, session, "messages.received", { messages });
  emitWebhook(account, session, `messages-${kind}.received`, { messages });
  const upsert = account.weather.dials.upsertAsObject ? messages : [messages];
  emitWebhook(account, session, "messages.upsert", { messages: upsert });
}

function inboundKey(account: Account, inbound: Inbound, kind: string): Record<string, unknown> {
  const { id, from, group } = inbound;
  if (kind === "newsletter") return { id, fromMe: false, remoteJid: toJid(from) };
  const digits = digitsOf(from);
  const byLid = account.weather.dials.lidAddressing;
  const lid = lidOf(digits);
  const pn = userJid(digits);
  const address = byLid ? lid : pn;
  const addressingMode = byLid ? "lid" : "pn";
  if (kind === "personal") {
    const sender = { senderPn: pn, cleanedSenderPn: digits, senderLid: lid };
    return { id, fromMe: false, remoteJid: address, addressingMode, ...sender };
  }
  const participant = { participant: address, participantPn: pn, cleanedParticipantPn: digits, participantLid: lid };
  return { id, fromMe: false, remoteJid: group, ...participant, addressingMode };
}
