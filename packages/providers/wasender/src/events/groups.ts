import type { IdentityBook } from "@colloquy/core/contract";
import { isRecord, textAt, withoutUndefined } from "../json.js";
import type { GroupRole } from "../operations/groups/group.js";
import { unixInstantMs } from "../timestamps.js";
import type { WasenderEventGroup, WasenderParticipantsChange } from "./event-data.js";
import { readPerson, type WasenderPerson } from "./person.js";

export function readGroup(item: unknown, identities?: IdentityBook): WasenderEventGroup | undefined {
  const jid = textAt(item, "jid") ?? textAt(item, "id");
  if (jid === undefined || !isRecord(item)) return undefined;
  const { participants } = item;
  return withoutUndefined<WasenderEventGroup>({
    jid,
    subject: textAt(item, "subject"),
    description: textAt(item, "desc"),
    owner: readPerson(item["owner"], identities),
    createdAtMs: unixInstantMs(item["creation"]),
    isAnnouncement: flagOf(item["announce"]),
    isRestricted: flagOf(item["restrict"]),
    participants: Array.isArray(participants)
      ? participants.map((one) => readMember(one, identities)).filter((member) => member !== undefined)
      : undefined,
  });
}

export function readParticipantsChange(
  item: unknown,
  identities?: IdentityBook,
): WasenderParticipantsChange | undefined {
  const jid = textAt(item, "jid") ?? textAt(item, "id");
  const action = textAt(item, "action");
  if (jid === undefined || action === undefined || !isRecord(item)) return undefined;
  const { participants } = item;
  const people = Array.isArray(participants) ? participants : [participants];
  return withoutUndefined<WasenderParticipantsChange>({
    jid,
    action,
    participants: people.map((one) => readPerson(one, identities)).filter((person) => person !== undefined),
    by: readPerson(item["author"], identities),
  });
}

function readMember(
  item: unknown,
  identities: IdentityBook | undefined,
): (WasenderPerson & { readonly role: GroupRole }) | undefined {
  const person = readPerson(item, identities);
  return person && { ...person, role: roleOf(item) };
}

function roleOf(item: unknown): GroupRole {
  if (!isRecord(item)) return "member";
  const { admin, isAdmin, isSuperAdmin } = item;
  if (admin === "superadmin" || isSuperAdmin === true) return "superadmin";
  return admin === "admin" || isAdmin === true ? "admin" : "member";
}

const flagOf = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);
