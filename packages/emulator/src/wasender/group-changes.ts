import type { Account } from "./account.js";
import { isOnWhatsapp, resolveJid } from "./contacts.js";
import type { Group } from "./groups.js";
import { ownJid } from "./message.js";
import type { Session } from "./session.js";
import { emitWebhook } from "./webhooks.js";

type Outcome = { status: number; jid: string; message: string };

/** Adds people; those who cannot be added are told one by one, inside an answer that is a success. */
export function addMembers(account: Account, session: Session, group: Group, people: readonly string[]): Outcome[] {
  const outcomes = people.map((person) => {
    const jid = resolveJid(account, session, person);
    if (jid === undefined || !isOnWhatsapp(account, jid)) return notAuthorized(jid ?? person);
    group.members.set(jid, group.members.get(jid) ?? null);
    return { status: 200, jid, message: "added" };
  });
  announce(account, group, "add", succeeded(outcomes));
  return outcomes;
}

export function removeMembers(account: Account, session: Session, group: Group, people: readonly string[]): Outcome[] {
  const outcomes = people.map((person) => {
    const jid = resolveJid(account, session, person);
    if (jid === undefined || jid === group.owner || !group.members.has(jid)) return notAuthorized(jid ?? person);
    group.members.delete(jid);
    return { status: 200, jid, message: "removed" };
  });
  announce(account, group, "remove", succeeded(outcomes));
  return outcomes;
}

/** Promotes or demotes; answers with those it touched. */
export function rankMembers(
  account: Account,
  session: Session,
  group: Group,
  action: "promote" | "demote",
  people: readonly string[],
): string[] {
  const touched = people
    .map((person) => resolveJid(account, session, person))
    .filter((jid): jid is string => jid !== undefined && group.members.has(jid) && jid !== group.owner);
  for (const jid of touched) group.members.set(jid, action === "promote" ? "admin" : null);
  announce(account, group, action, touched);
  return touched;
}

export function leaveGroup(account: Account, session: Session, group: Group): void {
  group.members.delete(ownJid(session));
  announce(account, group, "remove", [ownJid(session)]);
}

export function joinGroup(account: Account, session: Session, group: Group): void {
  const own = ownJid(session);
  if (group.members.has(own)) return;
  group.members.set(own, null);
  announce(account, group, "add", [own]);
}

/** The settings that groups keep; others are accepted and ignored, like keys nobody knows. */
export function changeSettings(account: Account, group: Group, body: Record<string, unknown>): void {
  const { subject, description, announce: onlyAdmins, restrict, profilePicUrl } = body;
  if (typeof subject === "string") group.subject = subject;
  if (typeof description === "string") group.desc = description;
  if (typeof onlyAdmins === "boolean") group.announce = onlyAdmins;
  if (typeof restrict === "boolean") group.restrict = restrict;
  if (typeof profilePicUrl === "string") group.imgUrl = profilePicUrl;
  const { jid } = group;
  const update = { jid, subject: group.subject, announce: group.announce, restrict: group.restrict };
  for (const session of present(account, group)) emitWebhook(account, session, "groups.update", [update]);
}

const notAuthorized = (jid: string): Outcome => ({ status: 403, jid, message: "not-authorized" });

const succeeded = (outcomes: readonly Outcome[]): string[] =>
  outcomes.filter((outcome) => outcome.status === 200).map((outcome) => outcome.jid);

function announce(account: Account, group: Group, action: string, participants: string[]): void {
  if (participants.length === 0) return;
  const data = { jid: group.jid, participants, action };
  for (const session of present(account, group, participants)) {
    emitWebhook(account, session, "group-participants.update", data);
  }
}

/** Connected sessions that are in the group, or were until now. */
function present(account: Account, group: Group, leaving: readonly string[] = []): Session[] {
  return [...account.sessions.values()].filter(
    (session) =>
      session.status === "connected" && (group.members.has(ownJid(session)) || leaving.includes(ownJid(session))),
  );
}
