import type { Account } from "./account.js";
import { digitsOf, isGroupJid, lidOf, userJid } from "./jid.js";
import type { Session } from "./session.js";

/** WhatsApp's own name of a message, distinct from the row id `msgId`. */
export interface MessageKey {
  id: string;
  fromMe: boolean;
  remoteJid: string;
}

/** The numbers of `GET /messages/{msgId}/info`. */
export const messageStatus = { error: 0, pending: 1, sent: 2, delivered: 3, read: 4, played: 5 } as const;

/** A message that a session sent. */
export interface Message {
  readonly msgId: number;
  readonly sessionId: number;
  /** The recipient as given. */
  readonly to: string;
  /** The request's body. */
  readonly body: Record<string, unknown>;
  /** What WhatsApp carries. */
  content: Record<string, unknown>;
  readonly key: MessageKey;
  readonly acceptedAtMs: number;
  status: number;
  /** What each person chose, for a poll. */
  readonly votes: Map<string, readonly string[]>;
}

/** An identifier like those of WhatsApp's linked devices. */
export const messageId = ({ random }: Account): string => `3EB0${random.hex(18).toUpperCase()}`;

/** The session's own address. */
export const ownDigits = (session: Session): string => session.linkedAs ?? digitsOf(session.settings.phone_number);

export const ownJid = (session: Session): string => userJid(ownDigits(session));

/** Who reads a message first: the recipient, or in a group its first other member. */
export function firstReader(account: Account, session: Session, remoteJid: string): string {
  if (!isGroupJid(remoteJid)) return remoteJid;
  const members = account.groups.get(remoteJid)?.members.keys() ?? [];
  return [...members].find((member) => member !== ownJid(session)) ?? lidOf(ownDigits(session));
}
