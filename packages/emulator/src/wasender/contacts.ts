import type { Account } from "./account.js";
import { refuse } from "./failures.js";
import { digitsOf, isLid, lidOf, userJid } from "./jid.js";
import { shelve } from "./media-shelf.js";
import type { Session } from "./session.js";
import { emitWebhook } from "./webhooks.js";

export interface Contact {
  readonly jid: string;
  name: string | null;
  notify: string | null;
  verifiedName: string | null;
  imgUrl: string | null;
  status: string | null;
  username: string | null;
  blocked: boolean;
}

/** Who is in the address book of every phone. */
const acquaintances = [
  { digits: "15550101", name: "Ada", status: "At the engine", username: "ada" },
  { digits: "15550102", name: "Grace", status: null, username: "grace" },
  { digits: "15550103", name: "Linus", status: "Compiling", username: null },
];

export function seedContacts(account: Account, session: Session): void {
  for (const { digits, name, status, username } of acquaintances) {
    const jid = userJid(digits);
    const imgUrl = shelve(account, `portrait-${digits}.svg`, portrait(name), "image/svg+xml", null);
    session.contacts.set(jid, { ...emptyContact(jid), name, notify: name, imgUrl, status, username });
  }
  const contacts = [...session.contacts.values()];
  const upserts = contacts.map(({ jid, name, notify, verifiedName, status }) => ({
    jid,
    name,
    notify,
    verifiedName,
    status,
  }));
  emitWebhook(account, session, "contacts.upsert", upserts);
  const conversationTimestamp = Math.floor(account.clock.now() / 1000);
  const chats = contacts.map(({ jid, name }) => ({ id: jid, name, conversationTimestamp, unreadCount: 0 }));
  emitWebhook(account, session, "chats.upsert", chats);
}

/** A contact by phone number, JID or LID. Somebody who is on WhatsApp but not in the address book has no names. */
export function findContact(account: Account, session: Session, identifier: string): Contact {
  const jid = resolveJid(account, session, identifier);
  if (jid === undefined || !isOnWhatsapp(account, jid)) return refuse("contactNotFound");
  return session.contacts.get(jid) ?? emptyContact(jid);
}

/** The same, kept in the address book from now on. */
export function keepContact(account: Account, session: Session, identifier: string): Contact {
  const contact = findContact(account, session, identifier);
  session.contacts.set(contact.jid, contact);
  return contact;
}

export function renameContact(
  account: Account,
  session: Session,
  identifier: string,
  fullName: string | null,
): Contact {
  const contact = keepContact(account, session, identifier);
  contact.name = fullName ?? contact.name;
  const { jid, name, notify, verifiedName, status } = contact;
  emitWebhook(account, session, "contacts.upsert", [{ jid, name, notify, verifiedName, status }]);
  return contact;
}

/** Phone number, JID, LID or `@handle` to a JID; undefined when a LID or handle belongs to nobody known. */
export function resolveJid(account: Account, session: Session, identifier: string): string | undefined {
  if (identifier.startsWith("@")) {
    const handle = identifier.slice(1);
    return [...session.contacts.values()].find((contact) => contact.username === handle)?.jid;
  }
  if (isLid(identifier)) return phoneOfLid(account, session, identifier);
  const digits = digitsOf(identifier);
  return digits === "" ? undefined : userJid(digits);
}

/** Only numbers that the session has met can be found from their LID. */
export function phoneOfLid(account: Account, session: Session, lid: string): string | undefined {
  const met = [
    ...session.contacts.keys(),
    ...[...account.groups.values()].flatMap((group) => [...group.members.keys()]),
  ];
  return met.find((jid) => lidOf(digitsOf(jid)) === lid.replace(/:\d+@/, "@"));
}

export function isOnWhatsapp(account: Account, identifier: string): boolean {
  const digits = digitsOf(identifier);
  return /^\d{6,15}$/.test(digits) && !account.weather.dials.unknownNumbers.map(digitsOf).includes(digits);
}

/** A row of the list says `jid`; a single contact says `id`. */
export function contactRow(contact: Contact): Record<string, unknown> {
  const { jid, name, notify, verifiedName, imgUrl, status } = contact;
  return { jid, name, notify, verifiedName, imgUrl, status };
}

export function contactDetail(contact: Contact): Record<string, unknown> {
  const { jid: id, ...row } = contactRow(contact);
  return { id, ...row };
}

/** A disc with the first letter. */
function portrait(name: string): Uint8Array {
  const disc = '<circle cx="48" cy="48" r="48" fill="#8aa"/>';
  const letter = `<text x="48" y="64" font-size="48" text-anchor="middle" fill="#fff">${name.slice(0, 1)}</text>`;
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">${disc}${letter}</svg>`);
}

function emptyContact(jid: string): Contact {
  return {
    jid,
    name: null,
    notify: null,
    verifiedName: null,
    imgUrl: null,
    status: null,
    username: null,
    blocked: false,
  };
}
