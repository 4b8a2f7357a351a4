import type { Conversation, ConversationId } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { keyText } from "../store/keys.js";

/**
 * Of each conversation: `head`, its fields; `messages`, number -> stamp and message; `ids`, id -> number; `seqs`, the numbers in
 * order; `words`, those that its title and messages have or had; `operations`, id -> digest of what was appended.
 */
export type ConversationPart = "head" | "messages" | "ids" | "seqs" | "words" | "operations";

/** What a copy fills before its head appears. */
export const draftParts: readonly ConversationPart[] = ["messages", "ids", "seqs", "words"];

const allParts: readonly ConversationPart[] = ["head", ...draftParts, "operations"];

/** One conversation in one slot, under a name that no session has; what belongs to all of them in one other. */
export class ConversationKeys {
  readonly #prefix: string;
  /** All by their last change. */
  readonly order: string;
  /** By whom and when each place in an order was made last. */
  readonly stamps: string;
  /** Those that expire, by an instant that is not later than that. */
  readonly due: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.order = this.#shared("order");
    this.stamps = this.#shared("stamps");
    this.due = this.#shared("due");
  }

  ofOwner(ownerId: string): string {
    return this.#shared(`owner:${keyText(ownerId)}`);
  }

  ofSession(sessionId: SessionId): string {
    return this.#shared(`session:${keyText(sessionId)}`);
  }

  /** The orders that a conversation stands in. */
  ordersOf({ ownerId, sessionId }: Pick<Conversation, "ownerId" | "sessionId">): readonly string[] {
    return [
      this.order,
      ...(ownerId === undefined ? [] : [this.ofOwner(ownerId)]),
      ...(sessionId === undefined ? [] : [this.ofSession(sessionId)]),
    ];
  }

  some(id: ConversationId, ...parts: readonly ConversationPart[]): readonly string[] {
    return parts.map((part) => this.#of(id, part));
  }

  all(id: ConversationId): readonly string[] {
    return this.some(id, ...allParts);
  }

  drafts(id: ConversationId, stamp: string): readonly string[] {
    return draftParts.map((part) => this.#of(id, `draft:${stamp}:${part}`));
  }

  #of(id: ConversationId, part: string): string {
    return `${this.#prefix}{*conversation-${keyText(id)}}:${part}`;
  }

  #shared(part: string): string {
    return `${this.#prefix}{*conversations}:${part}`;
  }
}
