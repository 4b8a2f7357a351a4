import type {
  DeliveryStatus,
  InstantMs,
  JsonValue,
  MessageId,
  OutboundMessage,
  Priority,
  ProviderEvent,
  ProviderId,
  SendReceipt,
  SessionId,
  SessionState,
} from "../contract/index.js";
import type { LogEntry } from "../lifecycle/log-entry.js";
import type { LifecycleSnapshot } from "../lifecycle/snapshot.js";
import type { AskStore } from "./asks.js";
import type { LeaseStore } from "./leases.js";
import type { TranscriptStore } from "./transcripts.js";

export type { LogEntry } from "../lifecycle/log-entry.js";
export * from "./asks.js";
export type { Lease, LeaseQuery, LeaseStore, Member } from "./leases.js";

/** A session as it is kept. `revision` is the store's: it grows with every save, and a save names the one it read. */
export interface SessionRecord {
  readonly id: SessionId;
  readonly providerId: ProviderId;
  /** The provider's own id. Absent while the creation there is not confirmed. */
  readonly remoteId?: string;
  readonly name?: string;
  readonly settings: Readonly<Record<string, JsonValue>>;
  readonly lifecycle: LifecycleSnapshot;
  /** Grows each time a process takes the session over; a writer with an older one has lost it. */
  readonly epoch: number;
  readonly createdAtMs: InstantMs;
  readonly updatedAtMs: InstantMs;
  readonly revision: number;
}

export type NewLogEntry = Omit<LogEntry, "seq">;

export interface RecordPage {
  readonly records: readonly SessionRecord[];
  /** Give it back as `after` for the next page; absent on the last. */
  readonly cursor?: string;
}

export interface RecordStore {
  /** Fails with `STORE_CONFLICT` when the id is taken. The stored revision is 1. */
  create(record: Omit<SessionRecord, "revision">, entries: readonly NewLogEntry[]): Promise<SessionRecord>;
  get(id: SessionId): Promise<SessionRecord | undefined>;
  /**
   * Replaces the record and appends to the log, both or neither.
   * Fails with `STORE_CONFLICT` when the stored revision is not `record.revision`, and with `SESSION_NOT_FOUND` when it is gone.
   */
  save(record: SessionRecord, entries: readonly NewLogEntry[]): Promise<SessionRecord>;
  /** Newest first by creation, which a save never changes. `limit` default 100. */
  list(query?: {
    readonly providerId?: ProviderId;
    readonly states?: readonly SessionState[];
    readonly after?: string;
    readonly limit?: number;
  }): Promise<RecordPage>;
  /** Removes the session and everything kept under it: log, outbox, inbox, secrets. False when there was none. */
  remove(id: SessionId): Promise<boolean>;
}

export interface LogStore {
  /** Oldest first, beginning after `afterSeq` (default 0). `limit` default 1,000. */
  read(
    sessionId: SessionId,
    query?: { readonly afterSeq?: number; readonly limit?: number },
  ): Promise<readonly LogEntry[]>;
}

/**
 * `queued`: accepted, certainly not on the wire. `sending`: may be on the wire; after a crash that means `unknown`.
 * `sent`, `failed`, `unknown`, `cancelled`: settled.
 */
export type OutboxState = "queued" | "sending" | "sent" | "failed" | "unknown" | "cancelled";

export interface OutboxError {
  readonly code: string;
  readonly message: string;
  readonly outcome: string;
}

/** The last that was heard of a sent message. */
export interface OutboxDelivery {
  readonly status: DeliveryStatus;
  /** When this status was first heard. */
  readonly atMs: InstantMs;
  /** Why it failed. */
  readonly reason?: string;
}

export interface OutboxRow {
  readonly sessionId: SessionId;
  readonly id: MessageId;
  /** Order of acceptance within the session, from 1. Given by the store. */
  readonly seq: number;
  readonly state: OutboxState;
  /** Emptied when `sent`: the text is not kept longer than needed. */
  readonly message: OutboundMessage | null;
  readonly priority: Priority;
  readonly acceptedAtMs: InstantMs;
  /** Not to leave before. */
  readonly dueAtMs?: InstantMs;
  readonly startedAtMs?: InstantMs;
  readonly settledAtMs?: InstantMs;
  /** What the provider told before it left, to find out afterwards whether it arrived. */
  readonly mark?: JsonValue;
  /** Its fate was looked for at the provider, and not found. */
  readonly lookedAtMs?: InstantMs;
  readonly receipt?: SendReceipt;
  readonly error?: OutboxError;
  /** The network's key, under which events name the message. Absent until it was asked for. */
  readonly messageKey?: string;
  readonly delivery?: OutboxDelivery;
}

/**
 * A `delivery` that is not later than the stored one (`deliveryOrder`) leaves that one as it is. What is `queued` again has no
 * `startedAtMs`, `settledAtMs`, `lookedAtMs` and `error` any more. `patchedRow` does both.
 */
export type OutboxPatch = Partial<
  Pick<
    OutboxRow,
    | "state"
    | "message"
    | "startedAtMs"
    | "settledAtMs"
    | "mark"
    | "lookedAtMs"
    | "receipt"
    | "error"
    | "messageKey"
    | "delivery"
  >
>;

export interface OutboxStore {
  /**
   * All or none. A row whose id the session already has is left alone. Returns the stored rows, in the order given.
   * Fails with `SESSION_NOT_FOUND` for a session that the store does not hold: nothing comes back after its removal.
   */
  add(rows: readonly Omit<OutboxRow, "seq">[]): Promise<readonly OutboxRow[]>;
  get(sessionId: SessionId, id: MessageId): Promise<OutboxRow | undefined>;
  /**
   * Compare-and-set: changes the row only when its state is one of `from` and, where `epoch` is given, the session's record has
   * that one; undefined when it is not so.
   */
  move(
    sessionId: SessionId,
    id: MessageId,
    from: readonly OutboxState[],
    patch: OutboxPatch,
    epoch?: number,
  ): Promise<OutboxRow | undefined>;
  /** In order of acceptance. With `messageKey` only what has that key, found without reading the others. `limit` default 1,000. */
  list(
    sessionId: SessionId,
    query?: {
      readonly states?: readonly OutboxState[];
      readonly messageKey?: string;
      readonly afterSeq?: number;
      readonly limit?: number;
    },
  ): Promise<readonly OutboxRow[]>;
  count(sessionId: SessionId): Promise<Readonly<Record<OutboxState, number>>>;
  /** Sessions that have `queued` messages, by id, after `after`. `limit` default 1,000. */
  waiting(query?: { readonly after?: SessionId; readonly limit?: number }): Promise<readonly SessionId[]>;
  /**
   * When messages that left or may have left (`sent`, `unknown`) were settled, from `sinceMs` on, oldest first, at most the
   * newest 10,000: what a new process must still count against the limits.
   */
  departures(sessionId: SessionId, sinceMs: InstantMs): Promise<readonly InstantMs[]>;
}

export interface InboxRow {
  readonly sessionId: SessionId;
  readonly occurrenceId: string;
  /** Order of arrival within the session, from 1. Given by the store. */
  readonly seq: number;
  readonly event: ProviderEvent;
  readonly receivedAtMs: InstantMs;
  readonly handled: boolean;
}

export interface InboxStore {
  /**
   * Stores what is new by occurrence id, all or none; returns only the rows that were new. An occurrence is recognised also
   * after it was handled. Fails with `SESSION_NOT_FOUND` for a session that the store does not hold.
   */
  add(rows: readonly Omit<InboxRow, "seq" | "handled">[]): Promise<readonly InboxRow[]>;
  /** Not yet handled, in order of arrival, after `afterSeq` (default 0). `limit` default 1,000. */
  pending(
    sessionId: SessionId,
    query?: { readonly afterSeq?: number; readonly limit?: number },
  ): Promise<readonly InboxRow[]>;
  settle(sessionId: SessionId, occurrenceIds: readonly string[]): Promise<void>;
}

export interface SecretStore {
  /**
   * Sets the named secrets, leaving others of the session as they are. All or none. Fails with `SESSION_NOT_FOUND` for a
   * session that the store does not hold, and with `SECRET_UNREADABLE` when the secrets there need another key.
   */
  put(sessionId: SessionId, secrets: Readonly<Record<string, string>>): Promise<void>;
  /** Empty when there are none. Fails with `SECRET_UNREADABLE` rather than giving a wrong or empty value. */
  get(sessionId: SessionId): Promise<Readonly<Record<string, string>>>;
  remove(sessionId: SessionId): Promise<void>;
}

/** What a store is and what it promises, as data; the conformance suite holds it to it. */
export interface StoreManifest {
  readonly name: string;
  /** What survives: nothing, the death of the process, or the loss of power. */
  readonly durability: "none" | "process" | "power";
  /** Several processes may use it at once. */
  readonly shared: boolean;
  /** Secrets are unreadable in the files without the key. */
  readonly encryptsSecrets: boolean;
  /** It has `transcripts`. Default false. */
  readonly keepsTranscripts?: boolean;
}

/**
 * Where sessions live. Every method may be called concurrently; values handed in and out are copies, as JSON keeps them.
 * What is read of a session that the store does not hold is empty. Before `open` and after `close` every method fails with
 * `STORE_UNAVAILABLE`. Failures are `ColloquyError`s of category `store`.
 */
export interface Store {
  readonly manifest: StoreManifest;
  /** Called once before anything else; makes or migrates what it needs. Calling it again does nothing. */
  open(): Promise<void>;
  /** Calling it again does nothing. */
  close(): Promise<void>;
  readonly records: RecordStore;
  readonly log: LogStore;
  readonly outbox: OutboxStore;
  readonly inbox: InboxStore;
  readonly secrets: SecretStore;
  readonly leases: LeaseStore;
  readonly asks: AskStore;
  /** Conversations and their messages, where the manifest says `keepsTranscripts`. */
  readonly transcripts?: TranscriptStore;
}

/** A store that keeps transcripts too. */
export type StoreWithTranscripts = Store & { readonly transcripts: TranscriptStore };
