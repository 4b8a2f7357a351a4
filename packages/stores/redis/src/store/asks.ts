import { type AskRow, type AskStore, patchedAsk } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { addAsk, getAsks, listAsks, removeAsk, replaceAsk } from "./ask-scripts.js";
import { sessionNotFound } from "./failure.js";
import type { Keys } from "./keys.js";
import { newStamp, readRow, stampLength } from "./row-text.js";
import type { Server } from "./server.js";

/** Read at once while a list is filtered. ASSUMED: some hundred kilobytes. */
const mostInBatch = 200;

interface Found {
  readonly row: AskRow;
  readonly stamp: string;
}

export interface Asks {
  readonly store: AskStore;
  /** Removes the questions of a session. */
  forget(sessionId: SessionId): Promise<void>;
}

/** Questions are looked up across sessions, so all lie in one slot. */
export function askStore(server: Server, keys: Keys): Asks {
  const { rows, numbers, last, order, open } = keys.asks;

  const foundIn = (answer: unknown): readonly Found[] => {
    const flat = answer as readonly string[];
    return Array.from({ length: flat.length / 2 }, (_, index) => {
      const value = flat[2 * index + 1] as string;
      return {
        row: readRow<AskRow>(value.slice(stampLength), { seq: Number(flat[2 * index]) }),
        stamp: value.slice(0, stampLength),
      };
    });
  };

  const find = async (id: string): Promise<Found | undefined> =>
    foundIn(await server.readScript(getAsks, [rows, numbers], [JSON.stringify(id)]))[0];

  /** False when somebody else changed the row in between. */
  const replace = async ({ row, stamp }: Found, kept: AskRow): Promise<boolean> => {
    const gone = row.keys.filter((key) => !kept.keys.includes(key));
    const named = [...gone, ...kept.keys].map((key) => keys.askKey(key));
    const values = [JSON.stringify(row.id), stamp, valueOf(kept), row.seq, openFlag(kept), gone.length];
    return (await server.writeScript(replaceAsk, [rows, open, ...named], values)) === 1;
  };

  const remove = async ({ id, sessionId, keys: names }: AskRow): Promise<void> => {
    const named = names.map((key) => keys.askKey(key));
    const all = [rows, numbers, order, open, keys.asksOf(sessionId), ...named];
    await server.writeScript(removeAsk, all, [JSON.stringify(id)]);
  };

  const isThere = async (sessionId: SessionId): Promise<boolean> =>
    (await server.read((client) => client.exists(keys.of(sessionId, "record")))) === 1;

  const store: AskStore = {
    async add(given) {
      const row = { ...given, revision: 1 } as AskRow;
      const named = row.keys.map((key) => keys.askKey(key));
      const values = [JSON.stringify(row.id), valueOf(row), openFlag(row)];
      if (!(await isThere(row.sessionId))) throw sessionNotFound(row.sessionId);
      const all = [rows, numbers, last, order, open, keys.asksOf(row.sessionId), ...named];
      const [stored] = foundIn(await server.writeScript(addAsk, all, values)) as [Found];
      // The session lies in another slot: it may have gone in between, with all questions that were there then.
      if (stored.row.sessionId === row.sessionId && !(await isThere(row.sessionId))) {
        await remove(stored.row);
        throw sessionNotFound(row.sessionId);
      }
      return stored.row;
    },

    get: async (id) => (await find(id))?.row,

    async move(id, from, patch, revision) {
      const changes = JSON.parse(JSON.stringify(patch)) as typeof patch;
      for (;;) {
        const found = await find(id);
        if (!found || !from.includes(found.row.state) || found.row.isDelivered) return undefined;
        if (revision !== undefined && revision !== found.row.revision) return undefined;
        const kept = patchedAsk(found.row, changes);
        if (await replace(found, kept)) return kept;
      }
    },

    async deliver(id) {
      for (;;) {
        const found = await find(id);
        if (found?.row.state !== "answered" || found.row.isDelivered) return false;
        if (await replace(found, { ...found.row, isDelivered: true, revision: found.row.revision + 1 })) return true;
      }
    },

    async list({ sessionId, states, key, dueAtMs, afterSeq = 0, limit = 1_000 } = {}) {
      const isOpenOnly = dueAtMs !== undefined || states?.every((state) => isOpen({ state }));
      const others = sessionId === undefined ? order : keys.asksOf(sessionId);
      const place = key !== undefined ? keys.askKey(key) : isOpenOnly ? open : others;
      const found: AskRow[] = [];
      for (let last = afterSeq; found.length < limit; ) {
        const batch = foundIn(await server.readScript(listAsks, [place, rows, numbers], [last, mostInBatch]));
        for (const { row } of batch) {
          if (sessionId !== undefined && row.sessionId !== sessionId) continue;
          if (states && !states.includes(row.state)) continue;
          if (dueAtMs !== undefined && !(isOpen(row) && row.question.deadlineAtMs <= dueAtMs)) continue;
          found.push(row);
        }
        last = batch.at(-1)?.row.seq ?? last;
        if (batch.length < mostInBatch) break;
      }
      return found.slice(0, limit);
    },
  };

  return {
    store,
    async forget(sessionId) {
      for (;;) {
        const batch = foundIn(
          await server.readScript(listAsks, [keys.asksOf(sessionId), rows, numbers], [0, mostInBatch]),
        );
        for (const { row } of batch) await remove(row);
        if (batch.length < mostInBatch) return;
      }
    },
  };
}

function isOpen({ state }: Pick<AskRow, "state">): boolean {
  return state === "queued" || state === "asking" || state === "pending";
}

function openFlag(row: AskRow): string {
  return isOpen(row) ? "1" : "0";
}

function valueOf(row: object): string {
  return newStamp() + JSON.stringify(row);
}
