import type { LogEntry, LogStore, RecordStore, SessionRecord } from "@colloquy/core";
import { ColloquyError, type SessionId } from "@colloquy/core/contract";
import { conflict, sessionNotFound } from "../failure.js";
import type { Heads, RecordBody } from "./heads.js";
import type { StreamLog } from "./stream-log.js";
import type { Subjects } from "./subjects.js";

export interface RecordHooks {
  /** Before the session's record has another epoch: from then on writers of the old one are refused. */
  readonly fence: (sessionId: SessionId, creation: string, epoch: number) => Promise<void>;
  /** What else is kept of a session outside of its own subjects, and goes with it. May be called twice. */
  readonly forget: (sessionId: SessionId) => Promise<void>;
}

export function recordStore(log: StreamLog, subjects: Subjects, heads: Heads, hooks: RecordHooks): RecordStore {
  const append = (body: RecordBody, id: SessionId, after: number): Promise<number | undefined> =>
    log.append(subjects.record(id), body, after).then((appended) => appended?.seq);

  return {
    async create(given, entries) {
      const record = copyOf({ ...given, revision: 1 });
      const creation = log.newStamp();
      const body = { record, creation, entries: copyOf(entries) };
      for (;;) {
        const last = await heads.last(record.id);
        if (last && "record" in last.body) throw conflict(record.id, "exists already");
        if ((await append(body, record.id, last?.seq ?? 0)) !== undefined) return copyOf(record);
      }
    },

    get: async (id) => (await heads.find(id))?.record,

    async save(given, entries) {
      const text = JSON.stringify([given, entries]);
      const head = await heads.find(given.id);
      if (!head) throw sessionNotFound(given.id);
      const { revision, createdAtMs, epoch } = head.record;
      const [saved, added] = JSON.parse(text) as [SessionRecord, typeof entries];
      const changed = (): ColloquyError => conflict(given.id, "was changed by somebody else");
      if (revision !== saved.revision) throw changed();
      if (saved.epoch !== epoch) await hooks.fence(given.id, head.creation, saved.epoch);
      const record = { ...saved, createdAtMs, revision: revision + 1 };
      const seq = await append({ record, creation: head.creation, entries: added }, given.id, head.seq);
      if (seq !== undefined) return record;
      if (!(await heads.find(given.id))) throw sessionNotFound(given.id);
      throw changed();
    },

    async list({ providerId, states, after, limit = 100 } = {}) {
      const fits = (record: Pick<SessionRecord, "providerId">, state: SessionRecord["lifecycle"]["state"]): boolean =>
        (providerId === undefined || record.providerId === providerId) && (!states || states.includes(state));
      const from = after === undefined ? undefined : placeOf(after);
      const lines = (await heads.newestFirst()).filter(
        ({ record, state }) => fits(record, state) && (!from || isAfter(record, from)),
      );
      const records: SessionRecord[] = [];
      let place = 0;
      while (place < lines.length && records.length <= limit) {
        const batch = lines.slice(place, place + limit + 1 - records.length);
        place += batch.length;
        // It may have been saved or removed just now.
        const found = await Promise.all(batch.map(({ record }) => heads.find(record.id)));
        for (const head of found) if (head && fits(head.record, head.record.lifecycle.state)) records.push(head.record);
      }
      const last = records[limit - 1];
      if (!last || records.length <= limit) return { records };
      return { records: records.slice(0, limit), cursor: `${last.createdAtMs}:${JSON.stringify(last.id)}` };
    },

    async remove(id) {
      for (;;) {
        const head = await heads.find(id);
        if (!head) return false;
        // Before the record too: whoever repeats a removal that was cut short finds the session, and all that is left of it.
        await hooks.forget(id);
        const seq = await append({ gone: head.creation }, id, head.seq);
        if (seq === undefined) continue;
        await log.purge(subjects.everything(id, head.creation));
        await log.purge(subjects.record(id), seq);
        await hooks.forget(id);
        return true;
      }
    },
  };
}

/** What its messages add, in order. Reading it reads all of them: it is for people, not for every send. */
export function logStore(log: StreamLog, subjects: Subjects, heads: Heads): LogStore {
  return {
    async read(sessionId, { afterSeq = 0, limit = 1_000 } = {}) {
      const head = await heads.find(sessionId);
      if (!head) return [];
      const messages = await log.between<RecordBody>(subjects.record(sessionId), 0, head.seq);
      const entries: LogEntry[] = [];
      for (const { body } of messages) {
        if (!("record" in body) || body.creation !== head.creation) continue;
        for (const entry of body.entries) entries.push({ ...entry, sessionId, seq: entries.length + 1 });
      }
      return entries.slice(afterSeq, afterSeq + limit);
    },
  };
}

function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

interface Place {
  readonly createdAtMs: number;
  readonly id: SessionId;
}

function isAfter(record: Place, place: Place): boolean {
  if (record.createdAtMs !== place.createdAtMs) return record.createdAtMs < place.createdAtMs;
  return record.id < place.id;
}

/** Throws `INPUT_INVALID` for what no page gave. */
function placeOf(cursor: string): Place {
  const match = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?):(".*")$/s.exec(cursor);
  try {
    if (match) return { createdAtMs: Number(match[1]), id: JSON.parse(match[2] as string) as string };
  } catch {
    // As for any other text.
  }
  throw new ColloquyError({ code: "INPUT_INVALID", message: "`after` is not a cursor of this store." });
}
