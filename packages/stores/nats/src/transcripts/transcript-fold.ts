import type { Conversation, TranscriptMessage } from "@colloquy/core";
import type { Fold } from "../store/journal.js";

/** What is said of a conversation in each of its messages in the stream: the last one tells where it stands in a list. */
export interface Line
  extends Pick<
    Conversation,
    "ownerId" | "sessionId" | "createdAtMs" | "updatedAtMs" | "expiresAtMs" | "revision" | "lastSeq"
  > {
  /** Of the key that its texts are sealed with; absent where it is not encrypted. */
  readonly salt?: string;
}

export type ConversationBody = Pick<Conversation, "title" | "context" | "metadata" | "lineage">;

export interface Row {
  readonly seq: number;
  readonly id: string;
  /** Sealed where it is a text. */
  readonly value: Omit<TranscriptMessage, "conversationId" | "seq"> | string;
}

export interface Transcript {
  /** Absent when there is no conversation. */
  line: Line | undefined;
  body: ConversationBody | string;
  /** In order of their numbers. */
  rows: Row[];
  readonly byId: Map<string, Row>;
  /** What was appended under each id, as a digest. */
  readonly operations: Map<string, string>;
}

/** Whatever happens to a conversation. */
export type TranscriptEvent =
  | {
      readonly line: Line;
      readonly body?: ConversationBody | string;
      /** Takes the place of the one with its number; new ones come last. */
      readonly put?: readonly Row[];
      /** Numbers of messages that go. */
      readonly drop?: readonly number[];
      readonly operation?: readonly [id: string, digest: string];
    }
  | { readonly gone: true };

export type KeptTranscript =
  | { readonly gone: true }
  | {
      readonly line: Line;
      readonly body: ConversationBody | string;
      readonly rows: readonly Row[];
      readonly operations: readonly (readonly [id: string, digest: string])[];
    };

function emptyTranscript(): Transcript {
  return { line: undefined, body: "", rows: [], byId: new Map(), operations: new Map() };
}

/** The place of the first row with a number above `seq`. */
export function firstBeyond(rows: readonly Row[], seq: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as Row).seq <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function file({ rows, byId }: Transcript, row: Row): void {
  const place = firstBeyond(rows, row.seq - 1);
  rows[place] = row;
  byId.set(row.id, row);
}

export const transcriptFold: Fold<Transcript, TranscriptEvent, KeptTranscript> = {
  empty: emptyTranscript,
  apply(state, event) {
    if ("gone" in event) {
      Object.assign(state, emptyTranscript());
      return;
    }
    state.line = event.line;
    if (event.body !== undefined) state.body = event.body;
    for (const row of event.put ?? []) file(state, row);
    if (event.drop) {
      const gone = new Set(event.drop);
      for (const { seq, id } of state.rows) if (gone.has(seq)) state.byId.delete(id);
      state.rows = state.rows.filter(({ seq }) => !gone.has(seq));
    }
    if (event.operation) state.operations.set(...event.operation);
  },
  keep: ({ line, body, rows, operations }) =>
    line ? { line, body, rows, operations: [...operations] } : { gone: true },
  restore(kept) {
    if ("gone" in kept) return emptyTranscript();
    const { line, body, operations } = kept;
    const rows = [...kept.rows];
    return { line, body, rows, byId: new Map(rows.map((row) => [row.id, row])), operations: new Map(operations) };
  },
};
