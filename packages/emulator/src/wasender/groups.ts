import type { Account } from "./account.js";
import { isOnWhatsapp } from "./contacts.js";
import { refuse } from "./failures.js";
import { digitsOf, lidOf, toJid, userJid } from "./jid.js";
import { ownJid } from "./message.js";
import type { Session } from "./session.js";
import { emitWebhook } from "./webhooks.js";

type Rank = "superadmin" | "admin" | null;

/** Groups belong to the emulated WhatsApp, not to a session: two sessions can meet in one. */
export interface Group {
  readonly jid: string;
  subject: string;
  desc: string | null;
  readonly owner: string;
  readonly creationAtMs: number;
  readonly members: Map<string, Rank>;
  readonly inviteCode: string;
  announce: boolean;
  restrict: boolean;
  imgUrl: string | null;
}

export function foundGroup(account: Account, owner: string, subject: string, others: readonly string[]): Group {
  const jid = `120363${account.random.digits(12)}@g.us`;
  const members = new Map<string, Rank>([[owner, "superadmin"]]);
  for (const other of others) if (isOnWhatsapp(account, other)) members.set(toJid(other), null);
  const group: Group = {
    jid,
    subject,
    desc: null,
    owner,
    creationAtMs: account.clock.now(),
    members,
    inviteCode: account.random.hex(22),
    announce: false,
    restrict: false,
    imgUrl: null,
  };
  account.groups.set(jid, group);
  return group;
}

/** Every phone comes with a group of its own and one in which it has nothing to say. */
export function seedGroups(account: Account, session: Session): void {
  const own = ownJid(session);
  if (groupsOf(account, session).length === 0) {
    foundGroup(account, own, "Friends", ["15550101", "15550102"]);
    foundGroup(account, userJid("15550101"), "News", [digitsOf(own), "15550103"]);
  }
  emitWebhook(account, session, "groups.upsert", groupsOf(account, session).map(groupMetadata));
}

export function groupsOf(account: Account, session: Session): Group[] {
  return [...account.groups.values()].filter((group) => group.members.has(ownJid(session)));
}

/** A group that the session is in. */
export function findGroup(account: Account, session: Session, jid: string): Group {
  const group = account.groups.get(jid);
  return group?.members.has(ownJid(session)) ? group : refuse("groupNotFound");
}

/** A group that the session may change. */
export function findOwnGroup(account: Account, session: Session, jid: string): Group {
  const group = findGroup(account, session, jid);
  return isAdmin(group, ownJid(session)) ? group : refuse("groupNotAuthorized");
}

export function findInvite(account: Account, code: string): Group {
  return [...account.groups.values()].find((group) => group.inviteCode === code) ?? refuse("inviteInvalid");
}

const isAdmin = (group: Group, jid: string): boolean => (group.members.get(jid) ?? null) !== null;

const seconds = (atMs: number): number => Math.floor(atMs / 1000);

/** Each endpoint has its own words for the same people. */
export function groupMetadata(group: Group): Record<string, unknown> {
  const { jid, subject, creationAtMs, owner, desc } = group;
  const participants = [...group.members].map(([member, rank]) => ({
    jid: member,
    isAdmin: rank !== null,
    isSuperAdmin: rank === "superadmin",
  }));
  return { jid, subject, creation: seconds(creationAtMs), owner, desc, participants };
}

export function groupCreated(group: Group): Record<string, unknown> {
  const { jid: id, owner, subject, creationAtMs } = group;
  return { id, owner, subject, creation: seconds(creationAtMs), participants: ranked(group) };
}

export function groupInvite(group: Group): Record<string, unknown> {
  const { jid: id, subject, owner, creationAtMs, desc, members } = group;
  const creation = seconds(creationAtMs);
  return { id, subject, owner, creation, size: members.size, desc, participants: ranked(group) };
}

export function groupParticipants(group: Group): Record<string, unknown>[] {
  return [...group.members].map(([jid, rank]) => ({
    id: lidOf(digitsOf(jid)),
    ...(rank === null ? {} : { admin: rank }),
  }));
}

function ranked(group: Group): Record<string, unknown>[] {
  return [...group.members].map(([id, admin]) => ({ id, admin }));
}
