import type { SessionId } from "@colloquy/core/contract";
import { tokenOf } from "../names.js";

/** Names of streams, buckets and subjects. */
export class Subjects {
  /** The stream of everything but notes. */
  readonly stream: string;
  /** The stream of notes, which keeps the last of each subject. */
  readonly notes: string;
  /** The bucket of what goes by the server's clock. */
  readonly cells: string;
  readonly meta: string;
  readonly asks: string;
  readonly everyRecord: string;
  readonly everyNote: string;
  readonly everyConversation: string;
  readonly #root: string;

  constructor(prefix: string) {
    this.stream = `${prefix}_store`;
    this.notes = `${prefix}_notes`;
    this.cells = `${prefix}_cells`;
    this.#root = `${prefix}_store`;
    this.meta = `${this.#root}.meta`;
    this.asks = `${this.#root}.asks`;
    this.everyRecord = `${this.#root}.s.*.rec`;
    this.everyConversation = `${this.#root}.c.*.log`;
    this.everyNote = `${prefix}_notes.*`;
  }

  record(sessionId: SessionId): string {
    return `${this.#root}.s.${tokenOf(sessionId)}.rec`;
  }

  /** Under the name of this creation of the session: what comes late for one that is gone is never seen. */
  group(sessionId: SessionId, creation: string, group: "outbox" | "inbox" | "secrets"): string {
    return `${this.#root}.s.${tokenOf(sessionId)}.${creation}.${group}`;
  }

  everything(sessionId: SessionId, creation: string): string {
    return `${this.#root}.s.${tokenOf(sessionId)}.${creation}.>`;
  }

  conversation(id: string): string {
    return `${this.#root}.c.${tokenOf(id)}.log`;
  }

  note(sessionId: SessionId): string {
    return `${this.notes}.${tokenOf(sessionId)}`;
  }
}
