import type { DeliveryStatus, MessageKind } from "@colloquy/core/contract";
import type { JsonRecord } from "../json.js";
import type { GroupRole } from "../operations/groups/group.js";
import type { WasenderMessageKey } from "./key.js";
import type { WasenderPerson } from "./person.js";

/** A message as an event tells it: received, or sent from another device of the account. */
export interface WasenderEventMessage {
  readonly key: WasenderMessageKey;
  /** Who wrote it. Absent for messages of the account itself. */
  readonly from?: WasenderPerson & { readonly displayName?: string };
  readonly kind: MessageKind | "unknown";
  readonly text?: string;
  readonly sentAtMs?: number;
  /** Present when it changes an earlier message, or is one of WhatsApp's own, instead of being one for a person. */
  readonly change?: WasenderMessageChange;
  /** WhatsApp's own form of the content. */
  readonly content: JsonRecord;
}

export interface WasenderMessageChange {
  readonly kind: "edit" | "deletion" | "reaction" | "other";
  /** The message that is changed. */
  readonly key?: WasenderMessageKey;
  /** The new text, or the reaction; empty when a reaction is taken back. */
  readonly text?: string;
  readonly atMs?: number;
}

export interface WasenderMessageUpdate {
  readonly key: WasenderMessageKey;
  /** Absent when it is another change than one of status. */
  readonly status?: DeliveryStatus;
  /** What changed, as told. */
  readonly update: JsonRecord;
}

export interface WasenderReceipt {
  readonly key: WasenderMessageKey;
  /** Whose receipt it is. */
  readonly by?: WasenderPerson;
  readonly deliveredAtMs?: number;
  readonly readAtMs?: number;
  readonly playedAtMs?: number;
}

export interface WasenderSentMessage {
  readonly key: WasenderMessageKey;
  readonly isSuccess: boolean;
  /** The provider's words, which may name the recipient. */
  readonly error?: string;
  readonly content: JsonRecord;
}

export interface WasenderReaction {
  /** The message that got it. */
  readonly key: WasenderMessageKey;
  /** Empty when it was taken back. */
  readonly text: string;
  /** The reaction's own key, which names who reacted. */
  readonly reactionKey?: WasenderMessageKey;
}

export interface WasenderPollResult {
  readonly key: WasenderMessageKey;
  readonly options: readonly { readonly name: string; readonly voters: readonly WasenderPerson[] }[];
}

export interface WasenderCall {
  readonly id: string;
  readonly from?: WasenderPerson;
  readonly atMs?: number;
  readonly isGroup: boolean;
  readonly isVideo: boolean;
  /** `offer`, `accept`, `reject`, `timeout` and others. */
  readonly status?: string;
}

export interface WasenderEventContact {
  readonly person: WasenderPerson;
  readonly name?: string;
  /** The name that the contact shows. */
  readonly displayName?: string;
  readonly verifiedName?: string;
  /** The contact's own words about themselves. */
  readonly about?: string;
  /** Null when the picture was removed; absent when nothing is said of it. */
  readonly pictureUrl?: string | null;
}

export interface WasenderChat {
  readonly id: string;
  /** In a chat of two: the other one. */
  readonly partner?: WasenderPerson;
  readonly name?: string;
  readonly lastMessageAtMs?: number;
  readonly unreadCount?: number;
}

export interface WasenderEventGroup {
  readonly jid: string;
  readonly subject?: string;
  readonly description?: string;
  readonly owner?: WasenderPerson;
  readonly createdAtMs?: number;
  /** Only admins may write. */
  readonly isAnnouncement?: boolean;
  /** Only admins may change the group. */
  readonly isRestricted?: boolean;
  readonly participants?: readonly (WasenderPerson & { readonly role: GroupRole })[];
}

export interface WasenderParticipantsChange {
  readonly jid: string;
  /** `add`, `remove`, `promote`, `demote`, or a word that is not known yet. */
  readonly action: string;
  readonly participants: readonly WasenderPerson[];
  /** Who did it, where that is told. */
  readonly by?: WasenderPerson;
}

export interface WasenderPasskey {
  /** `request`, `confirmation`, `fallback_qr`, `no_continuation`, or a word that is not known yet. */
  readonly stage: string;
  readonly token?: string;
  readonly expiresAtMs?: number;
  readonly requestId?: string;
  /** To be compared on the phone. */
  readonly code?: string;
  readonly error?: string;
}

interface Messages {
  readonly messages: readonly WasenderEventMessage[];
}

/** What each event tells. What comes alone or as a list is always a list here; instants are Unix milliseconds. */
export interface WasenderEventData {
  readonly call: { readonly calls: readonly WasenderCall[] };
  readonly "chats.delete": { readonly chatIds: readonly string[] };
  readonly "chats.update": { readonly chats: readonly WasenderChat[] };
  readonly "chats.upsert": { readonly chats: readonly WasenderChat[] };
  readonly "contacts.update": { readonly contacts: readonly WasenderEventContact[] };
  readonly "contacts.upsert": { readonly contacts: readonly WasenderEventContact[] };
  readonly "group-participants.update": { readonly changes: readonly WasenderParticipantsChange[] };
  readonly "groups.update": { readonly groups: readonly WasenderEventGroup[] };
  readonly "groups.upsert": { readonly groups: readonly WasenderEventGroup[] };
  readonly "message-receipt.update": { readonly receipts: readonly WasenderReceipt[] };
  readonly "message.sent": { readonly sent: readonly WasenderSentMessage[] };
  readonly "messages-group.received": Messages;
  readonly "messages-newsletter.received": Messages;
  readonly "messages-personal.received": Messages;
  readonly "messages.delete": { readonly keys: readonly WasenderMessageKey[] };
  readonly "messages.reaction": { readonly reactions: readonly WasenderReaction[] };
  readonly "messages.received": Messages;
  readonly "messages.update": { readonly updates: readonly WasenderMessageUpdate[] };
  readonly "messages.upsert": Messages;
  readonly "passkey.updated": WasenderPasskey;
  readonly "poll.results": { readonly polls: readonly WasenderPollResult[] };
  /** The raw pairing text, to be drawn as a code. */
  readonly "qrcode.updated": { readonly qr: string };
  /** The session's status word in lower case. */
  readonly "session.status": { readonly status: string };
}
