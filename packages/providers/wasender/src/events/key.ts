import type { IdentityBook } from "@colloquy/core/contract";
import { isRecord, type JsonRecord, textAt, withoutUndefined } from "../json.js";
import { joinPerson, type WasenderPerson } from "./person.js";

/** WhatsApp's name of one message. */
export interface WasenderMessageKey {
  readonly id: string;
  /** The conversation, as the event addresses it: a person, a group or a channel. */
  readonly chatId: string;
  /** Absent when the event does not say. */
  readonly fromMe?: boolean;
  /** In a chat of two: the other one. */
  readonly partner?: WasenderPerson;
  /** In groups: who. */
  readonly participant?: WasenderPerson;
}

/** Real ids have some tens of characters. A longer one would be a key in every store. */
const longestId = 256;

const personalChat = /@(s\.whatsapp\.net|lid|c\.us)$/;

export const isPersonalChat = (chatId: string): boolean => personalChat.test(chatId);

/** The key of a message, when it names one. */
export function readKey(value: unknown, identities?: IdentityBook): WasenderMessageKey | undefined {
  const id = textAt(value, "id");
  const chatId = textAt(value, "remoteJid");
  if (id === undefined || chatId === undefined || !isRecord(value)) return undefined;
  if (id.length > longestId || chatId.length > longestId) return undefined;
  const { fromMe } = value;
  return withoutUndefined<WasenderMessageKey>({
    id,
    chatId,
    fromMe: typeof fromMe === "boolean" ? fromMe : undefined,
    partner: isPersonalChat(chatId) ? partnerOf(value, chatId, identities) : undefined,
    participant: participantOf(value, identities),
  });
}

// One client of this service spells the cleaned number in another way; a service that does so is understood, too.
const partnerFields = ["cleanedSenderPn", "cleanSenderPn", "senderPn", "senderLid"] as const;
const participantFields = ["cleanedParticipantPn", "participantPn", "participantLid"] as const;

function partnerOf(key: JsonRecord, chatId: string, identities: IdentityBook | undefined): WasenderPerson {
  // Of a message of our own, the sender is us and not the partner.
  const others = key["fromMe"] === true ? [] : partnerFields.map((name) => textAt(key, name));
  return joinPerson(chatId, others, identities);
}

function participantOf(key: JsonRecord, identities: IdentityBook | undefined): WasenderPerson | undefined {
  const id = textAt(key, "participant");
  return id === undefined
    ? undefined
    : joinPerson(
        id,
        participantFields.map((name) => textAt(key, name)),
        identities,
      );
}

/**
 * What tells one message from every other: `15550101@s.whatsapp.net` and `99000000000001@lid` are one chat, and an event does
 * not always tell both. So in chats of two the message's id has to do; the phone that wrote it drew it by chance.
 */
export function identityOf({ id, chatId }: WasenderMessageKey): string {
  return `${isPersonalChat(chatId) ? "person" : chatId}:${id}`;
}

/** One thing or a list of them: the documentation shows one form, deliveries come in both. */
export function each(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** The same for things that stand under a name, or without it. */
export function eachUnder(data: unknown, name: string): readonly unknown[] {
  return each(data).flatMap((part) => each(isRecord(part) && Object.hasOwn(part, name) ? part[name] : part));
}

/** What can be read of one thing or a list of them; undefined when there was something and none of it could. */
export function readEach<Item>(value: unknown, read: (item: unknown) => Item | undefined): readonly Item[] | undefined {
  const items = each(value);
  const found = items.map(read).filter((item) => item !== undefined);
  return found.length === 0 && items.length > 0 ? undefined : found;
}
