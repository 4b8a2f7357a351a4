import type { MessageId } from "../contract/index.js";
import { copyJson } from "./copy.js";
import { patchedRow } from "./patched-row.js";
import type { InboxRow, LogEntry, NewLogEntry, OutboxPatch, OutboxRow, OutboxState, SessionRecord } from "./store.js";

/** Everything that the memory store keeps of one session. Callers copy what goes in and what comes out. */
export class MemorySession {
  record: SessionRecord;
  /** The entry with number n stands at n - 1; likewise the outbox. Nothing is ever taken out. */
  readonly log: LogEntry[] = [];
  readonly outbox: OutboxRow[] = [];
  readonly secrets: Map<string, string> = new Map();
  readonly #placeOf = new Map<MessageId, number>();
  readonly #queued = new Set<number>();
  readonly #placesOfKey = new Map<string, Set<number>>();
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
    this.#file(this.outbox.length, stored);
    return stored;
  }

  move(id: MessageId, from: readonly OutboxState[], patch: OutboxPatch): OutboxRow | undefined {
    const place = this.#placeOf.get(id);
    const row = place === undefined ? undefined : this.outbox[place];
    if (place === undefined || !row || !from.includes(row.state)) return undefined;
    const stored = copyJson(patchedRow(row, patch));
    this.#file(place, stored);
    return stored;
  }

  get hasQueued(): boolean {
    return this.#queued.size > 0;
  }

  /** In order of acceptance. */
  withKey(messageKey: string): readonly OutboxRow[] {
    return [...(this.#placesOfKey.get(messageKey) ?? [])]
      .toSorted((a, b) => a - b)
      .flatMap((p) => this.outbox[p] ?? []);
  }

  #file(place: number, row: OutboxRow): void {
    const before = this.outbox[place]?.messageKey;
    this.outbox[place] = row;
    if (row.state === "queued") this.#queued.add(place);
    else this.#queued.delete(place);
    if (before === row.messageKey) return;
    if (before !== undefined) this.#placesOfKey.get(before)?.delete(place);
    if (row.messageKey === undefined) return;
    const places = this.#placesOfKey.get(row.messageKey) ?? new Set();
    this.#placesOfKey.set(row.messageKey, places.add(place));
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
