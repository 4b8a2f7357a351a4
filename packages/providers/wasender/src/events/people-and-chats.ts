import type { IdentityBook } from "@colloquy/core/contract";
import { isRecord, recordAt, textAt, withoutUndefined } from "../json.js";
import { unixInstantMs, writtenInstantMs } from "../timestamps.js";
import type { WasenderCall, WasenderChat, WasenderEventContact } from "./event-data.js";
import { isPersonalChat } from "./key.js";
import { readPerson } from "./person.js";

export function readContact(item: unknown, identities?: IdentityBook): WasenderEventContact | undefined {
  const person = readPerson(isRecord(item) ? item : undefined, identities);
  if (!person || !isRecord(item)) return undefined;
  const picture = item["imgUrl"];
  return withoutUndefined<WasenderEventContact>({
    person,
    name: textAt(item, "name"),
    displayName: textAt(item, "notify"),
    verifiedName: textAt(item, "verifiedName"),
    about: textAt(item, "status"),
    pictureUrl: picture === null || typeof picture === "string" ? picture : undefined,
  });
}

export function readChat(item: unknown, identities?: IdentityBook): WasenderChat | undefined {
  const id = textAt(item, "id") ?? textAt(item, "jid");
  if (id === undefined || !isRecord(item)) return undefined;
  return withoutUndefined<WasenderChat>({
    id,
    partner: isPersonalChat(id) ? readPerson(id, identities) : undefined,
    name: textAt(item, "name"),
    lastMessageAtMs: unixInstantMs(item["conversationTimestamp"]),
    unreadCount: countOf(item["unreadCount"]),
  });
}

/** A chat that was deleted is named by its id alone. */
export function readChatId(item: unknown): string | undefined {
  return typeof item === "string" && item !== "" ? item : (textAt(item, "id") ?? textAt(item, "jid"));
}

export function readCall(item: unknown, identities?: IdentityBook): WasenderCall | undefined {
  const call = isRecord(item) && isRecord(item["call"]) ? recordAt(item, "call") : item;
  const id = textAt(call, "id");
  if (id === undefined || !isRecord(call)) return undefined;
  const { date, isGroup, isVideo } = call;
  return withoutUndefined<WasenderCall>({
    id,
    from: readPerson(call["from"], identities),
    atMs: unixInstantMs(date) ?? writtenInstantMs(date),
    isGroup: isGroup === true,
    isVideo: isVideo === true,
    status: textAt(call, "status"),
  });
}

/** WhatsApp marks a chat as unread by a negative count. */
const countOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
