import { type Clock, systemClock } from "../clock.js";
import { ColloquyError, type SessionId } from "../contract/index.js";
import { copyJson } from "./copy.js";
import { memoryAsks } from "./memory-asks.js";
import { memoryLeases } from "./memory-leases.js";
import { MemorySession } from "./memory-session.js";
import { memoryTranscripts } from "./memory-transcripts.js";
import { cursorOf, placeOf, SessionOrder } from "./session-order.js";
import type {
  InboxRow,
  InboxStore,
  LogStore,
  OutboxRow,
  OutboxState,
  OutboxStore,
  RecordStore,
  SecretStore,
  SessionRecord,
  StoreWithTranscripts,
} from "./store.js";

const manifest = {
  name: "memory",
  durability: "none",
  shared: false,
  encryptsSecrets: false,
  keepsTranscripts: true,
} as const;

const mostDepartures = 10_000;

export interface MemoryStoreOptions {
  /** Tells when leases run out. Default: the machine's clock. */
  readonly clock?: Clock;
}

/**
 * Keeps everything in this process. What is stored lives as long as the returned object: closing and opening it again
 * loses nothing, ending the process loses all. Nothing is ever evicted. For tests, trials and short-lived tools.
 */
export function memoryStore({ clock = systemClock }: MemoryStoreOptions = {}): StoreWithTranscripts {
  const sessions = new Map<SessionId, MemorySession>();
  const order = new SessionOrder();
  let isOpen = false;

  const find = (id: SessionId): MemorySession | undefined => {
    if (!isOpen)
      throw new ColloquyError({ code: "STORE_UNAVAILABLE", message: "The store is not open.", retryable: false });
    return sessions.get(id);
  };

  const need = (id: SessionId): MemorySession => {
    const session = find(id);
    if (!session)
      throw new ColloquyError({
        code: "SESSION_NOT_FOUND",
        message: `The store holds no session ${id}.`,
        sessionId: id,
      });
    return session;
  };

  const conflict = (id: SessionId, what: string): ColloquyError =>
    new ColloquyError({ code: "STORE_CONFLICT", message: `Session ${id} ${what}.`, sessionId: id });

  const records: RecordStore = {
    async create(record, entries) {
      if (find(record.id)) throw conflict(record.id, "exists already");
      const session = new MemorySession({ ...copyJson(record), revision: 1 });
      session.append(copyJson(entries));
      sessions.set(record.id, session);
      order.add(session.record);
      return copyJson(session.record);
    },
    async get(id) {
      return copyJson(find(id)?.record);
    },
    async save(record, entries) {
      const session = need(record.id);
      const { revision, createdAtMs } = session.record;
      if (revision !== record.revision) throw conflict(record.id, "was changed by somebody else");
      const [saved, added] = copyJson([record, entries] as const);
      session.record = { ...saved, createdAtMs, revision: revision + 1 };
      session.append(added);
      return copyJson(session.record);
    },
    async list({ providerId, states, after, limit = 100 } = {}) {
      const found: SessionRecord[] = [];
      for (const { id } of order.newestFirst(after === undefined ? undefined : placeOf(after))) {
        const { record } = need(id);
        if (providerId !== undefined && record.providerId !== providerId) continue;
        if (states && !states.includes(record.lifecycle.state)) continue;
        const last = found.at(-1);
        if (last && found.length >= limit) return { records: found, cursor: cursorOf(last) };
        found.push(copyJson(record));
      }
      return { records: found };
    },
    async remove(id) {
      const session = find(id);
      if (!session) return false;
      order.remove(session.record);
      leases.forget(id);
      transcripts.forget(id);
      asks.forget(id);
      return sessions.delete(id);
    },
  };

  const log: LogStore = {
    read: async (id, { afterSeq = 0, limit = 1_000 } = {}) =>
      copyJson(find(id)?.log.slice(afterSeq, afterSeq + limit) ?? []),
  };

  const outbox: OutboxStore = {
    async add(rows) {
      const accepted = copyJson(rows).map((row) => [need(row.sessionId), row] as const);
      return accepted.map(([session, row]) => copyJson(session.accept(row)));
    },
    async get(sessionId, id) {
      return copyJson(find(sessionId)?.message(id));
    },
    async move(sessionId, id, from, patch, epoch) {
      const session = find(sessionId);
      const isFenced = epoch !== undefined && session?.record.epoch !== epoch;
      return isFenced ? undefined : copyJson(session?.move(id, from, patch));
    },
    async list(sessionId, { states, messageKey, afterSeq = 0, limit = 1_000 } = {}) {
      const session = find(sessionId);
      if (messageKey !== undefined) {
        const named = (session?.withKey(messageKey) ?? []).filter(({ seq }) => seq > afterSeq);
        return copyJson(named.filter(({ state }) => !states || states.includes(state)).slice(0, limit));
      }
      const rows = session?.outbox ?? [];
      const found: OutboxRow[] = [];
      for (let index = afterSeq; index < rows.length && found.length < limit; index++) {
        const row = rows[index] as OutboxRow;
        if (!states || states.includes(row.state)) found.push(copyJson(row));
      }
      return found;
    },
    async count(sessionId) {
      const counts: Record<OutboxState, number> = {
        queued: 0,
        sending: 0,
        sent: 0,
        failed: 0,
        unknown: 0,
        cancelled: 0,
      };
      for (const row of find(sessionId)?.outbox ?? []) counts[row.state] += 1;
      return counts;
    },
    async waiting({ after = "", limit = 1_000 } = {}) {
      find("");
      const waiting = [...sessions].flatMap(([id, session]) => (id > after && session.hasQueued ? [id] : []));
      return waiting.toSorted().slice(0, limit);
    },
    async departures(sessionId, sinceMs) {
      const left = (find(sessionId)?.outbox ?? []).filter(({ state }) => state === "sent" || state === "unknown");
      const instants = left.flatMap(({ settledAtMs }) =>
        settledAtMs !== undefined && settledAtMs >= sinceMs ? [settledAtMs] : [],
      );
      return instants.toSorted((a, b) => a - b).slice(-mostDepartures);
    },
  };

  const inbox: InboxStore = {
    async add(rows) {
      const arrived = copyJson(rows).map((row) => [need(row.sessionId), row] as const);
      return arrived.flatMap(([session, row]) => copyJson(session.arrive(row)) ?? []);
    },
    async pending(sessionId, { afterSeq = 0, limit = 1_000 } = {}) {
      const found: InboxRow[] = [];
      for (const row of find(sessionId)?.pending.values() ?? []) {
        if (found.length >= limit) break;
        if (row.seq > afterSeq) found.push(copyJson(row));
      }
      return found;
    },
    async settle(sessionId, occurrenceIds) {
      const session = find(sessionId);
      for (const occurrenceId of occurrenceIds) session?.pending.delete(occurrenceId);
    },
  };

  const secrets: SecretStore = {
    async put(sessionId, values) {
      const session = need(sessionId);
      for (const [name, value] of Object.entries(values)) session.secrets.set(name, value);
    },
    async get(sessionId) {
      return Object.fromEntries(find(sessionId)?.secrets ?? []);
    },
    async remove(sessionId) {
      find(sessionId)?.secrets.clear();
    },
  };

  const leases = memoryLeases(clock, (sessionId) => find(sessionId ?? "") !== undefined);

  const asks = memoryAsks(
    () => void find(""),
    (sessionId) => void need(sessionId),
  );

  const transcripts = memoryTranscripts((sessionId) => void (sessionId === undefined ? find("") : need(sessionId)));

  return {
    manifest,
    async open() {
      isOpen = true;
    },
    async close() {
      isOpen = false;
    },
    records,
    log,
    outbox,
    inbox,
    secrets,
    leases: leases.store,
    transcripts: transcripts.store,
    asks: asks.store,
  };
}
