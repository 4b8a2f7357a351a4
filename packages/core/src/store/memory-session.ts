import type { MessageId } from "../contract/index.js";
import { copyJson } from "./copy.js";
import type { InboxRow, LogEntry, NewLogEntry, OutboxPatch, OutboxRow, OutboxState, SessionRecord } from "./store.js";

/** Everything that the memory store keeps of one session. Callers copy what goes in and what comes out. */
export class MemorySession {
  record: SessionRecord;
  /** The entry with number n stands at n - 1; likewise the outbox. Nothing is ever taken out. */
  readonly log: LogEntry[] = [];
  readonly outbox: OutboxRow[] = [];
  readonly secrets: Map<string, string> = new Map();
  readonly #placeOf = new Map<MessageId, number>();
  /** Occurrences ever seen. Only unhandled ones keep their event. */
  readonly #seen = new Set<string>();
  readonly pending: Map<string, InboxRow> = new Map();

  constructor(record: SessionRecord) {
    this.record = record;
  }

  append(entries: readonly NewLogEntry[]): void {
    for (const entry of entries) this.log.push({ ...entry, sessionId: this.record.id, seq: this.log.length + 1 });
  }

  message(id: MessageId): OutboxRow | undefined {
    const place = this.#placeOf.get(id);
    return place === undefined ? undefined : this.outbox[place];
  }

  /** The stored row: the one that was there, if any. */
  accept(row: Omit<OutboxRow, "seq">): OutboxRow {
    const known = this.message(row.id);
    if (known) return known;
    const stored = { ...row, seq: this.outbox.length + 1 };
    this.#placeOf.set(row.id, this.outbox.length);
    this.outbox.push(stored);
    return stored;
  }

  move(id: MessageId, from: readonly OutboxState[], patch: OutboxPatch): OutboxRow | undefined {
    const place = this.#placeOf.get(id);
    const row = place === undefined ? undefined : this.outbox[place];
    if (place === undefined || !row || !from.includes(row.state)) return undefined;
    const moved = copyJson({ ...row, ...patch });
    const stored = moved.state === "sent" ? { ...moved, message: null } : moved;
    this.outbox[place] = stored;
    return stored;
  }

  /** The stored row, or undefined when the occurrence was seen before. */
  arrive(row: Omit<InboxRow, "seq" | "handled">): InboxRow | undefined {
    if (this.#seen.has(row.occurrenceId)) return undefined;
    this.#seen.add(row.occurrenceId);
    const stored = { ...row, seq: this.#seen.size, handled: false };
    this.pending.set(row.occurrenceId, stored);
    return stored;
  }
}
