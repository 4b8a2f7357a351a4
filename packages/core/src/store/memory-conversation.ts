import type { Conversation, TranscriptMessage } from "./transcript-rows.js";

/** Everything that the memory store keeps of one conversation. Callers copy what goes in and what comes out. */
export class MemoryConversation {
  record: Conversation;
  /** In order of their numbers. */
  messages: TranscriptMessage[] = [];
  /** What each operation asked for, and the messages that it added. */
  readonly operations: Map<string, { readonly text: string; readonly ids: readonly string[] }> = new Map();
  readonly #byId = new Map<string, TranscriptMessage>();

  constructor(record: Conversation) {
    this.record = record;
  }

  /** In place, because an append must not cost a copy of the whole record. */
  count(lastSeq: number): void {
    const record: { lastSeq: number; messageCount: number } = this.record;
    record.lastSeq = lastSeq;
    record.messageCount = this.messages.length;
  }

  touch(atMs: number): void {
    const record: { updatedAtMs: number } = this.record;
    record.updatedAtMs = atMs;
  }

  message(id: string): TranscriptMessage | undefined {
    return this.#byId.get(id);
  }

  add(message: TranscriptMessage): void {
    this.messages.push(message);
    this.#byId.set(message.id, message);
  }

  replace(message: TranscriptMessage): void {
    this.messages[this.firstBeyond(message.seq - 1)] = message;
    this.#byId.set(message.id, message);
  }

  take(isWanted: (message: TranscriptMessage) => boolean): readonly TranscriptMessage[] {
    const taken = this.messages.filter(isWanted);
    if (taken.length === 0) return taken;
    for (const { id } of taken) this.#byId.delete(id);
    this.messages = this.messages.filter(({ id }) => this.#byId.has(id));
    return taken;
  }

  /** The place of the first message with a number above `seq`. */
  firstBeyond(seq: number): number {
    let low = 0;
    let high = this.messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.messages[middle] as TranscriptMessage).seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
