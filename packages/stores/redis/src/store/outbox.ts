import { type OutboxRow, type OutboxState, type OutboxStore, patchedRow } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { sessionNotFound } from "./failure.js";
import { type Keys, outboxStates, type SessionPart } from "./keys.js";
import { addRows, countRows, getRow, listDepartures, listNamed, listRows, replaceRow } from "./outbox-scripts.js";
import { bySession } from "./row-groups.js";
import { newStamp, readRow, stampLength } from "./row-text.js";
import type { Server } from "./server.js";
import { WaitingSessions } from "./waiting-sessions.js";

const mostDepartures = 10_000;

const stateParts = outboxStates.map((state): SessionPart => `outbox:${state}`);
const addParts: readonly SessionPart[] = [
  ...(["record", "outbox", "outbox:ids", "outbox:keys", "outbox:departed"] as const),
  ...stateParts,
];

interface Found {
  readonly row: OutboxRow;
  readonly stamp: string;
}

export function outboxStore(server: Server, keys: Keys): OutboxStore {
  const waiting = new WaitingSessions(server, keys);

  const foundIn = (answer: unknown): readonly Found[] => {
    const flat = answer as readonly string[];
    return Array.from({ length: flat.length / 2 }, (_, index) => {
      const value = flat[2 * index + 1] as string;
      const row = readRow<OutboxRow>(value.slice(stampLength), { seq: Number(flat[2 * index]) });
      return { row, stamp: value.slice(0, stampLength) };
    });
  };
  const rowsIn = (answer: unknown): readonly OutboxRow[] => foundIn(answer).map(({ row }) => row);

  const find = async (sessionId: SessionId, id: string): Promise<Found | undefined> => {
    const pair = keys.some(sessionId, ["outbox", "outbox:ids"]);
    return foundIn(await server.readScript(getRow, pair, [wordOf(id)]))[0];
  };

  return {
    async add(given) {
      const stored: OutboxRow[] = [];
      // Written as texts now: the caller may change the rows while this waits.
      const rows = given.map((row) => ({
        sessionId: row.sessionId,
        words: [wordOf(row.id), outboxStates.indexOf(row.state), departureOf(row), keyOf(row), valueOf(row)],
      }));
      for (const { sessionIds, places } of await bySession(server, keys, rows)) {
        const values = places.flatMap((place) => {
          const { sessionId, words } = rows[place] as (typeof rows)[number];
          return [sessionIds.indexOf(sessionId), ...words];
        });
        const keysOfAll = sessionIds.flatMap((sessionId) => keys.some(sessionId, addParts));
        const answer = await server.writeScript(addRows, keysOfAll, [sessionIds.length, ...values]);
        if (typeof answer === "number") throw sessionNotFound(sessionIds[answer] as string);
        for (const [index, row] of rowsIn(answer).entries()) stored[places[index] as number] = row;
      }
      await waiting.note(stored.flatMap(({ sessionId, state }) => (state === "queued" ? [sessionId] : [])));
      return stored;
    },

    get: async (sessionId, id) => (await find(sessionId, id))?.row,

    async move(sessionId, id, from, patch, epoch) {
      const changes = JSON.parse(JSON.stringify(patch)) as typeof patch;
      const changed = keys.some(sessionId, ["outbox", "outbox:keys", "outbox:departed", ...stateParts, "record"]);
      for (;;) {
        const found = await find(sessionId, id);
        if (!found || !from.includes(found.row.state)) return undefined;
        const kept = patchedRow(found.row, changes);
        const answer = await server.writeScript(replaceRow, changed, [
          kept.seq,
          found.stamp,
          valueOf(kept),
          outboxStates.indexOf(found.row.state),
          outboxStates.indexOf(kept.state),
          departureOf(kept),
          keyOf(found.row),
          keyOf(kept),
          epoch ?? "",
        ]);
        if (answer === -1) return undefined;
        // Somebody else moved it in between, which this one has to look at.
        if (answer !== 1) continue;
        if (kept.state === "queued") await waiting.note([sessionId]);
        return kept;
      }
    },

    async list(sessionId, { states, messageKey, afterSeq = 0, limit = 1_000 } = {}) {
      if (messageKey !== undefined) {
        const pair = keys.some(sessionId, ["outbox", "outbox:keys"]);
        const rows = rowsIn(await server.readScript(listNamed, pair, [wordOf(messageKey)]));
        return rows.filter(({ seq, state }) => seq > afterSeq && (!states || states.includes(state))).slice(0, limit);
      }
      const asked = states ? [...new Set(states)].map((state): SessionPart => `outbox:${state}`) : [];
      if (states && asked.length === 0) return [];
      const wanted = keys.some(sessionId, ["outbox", "outbox:ids", ...asked]);
      return rowsIn(await server.readScript(listRows, wanted, [afterSeq, limit]));
    },

    async count(sessionId) {
      const counts = (await server.readScript(countRows, keys.some(sessionId, stateParts), [])) as readonly number[];
      return Object.fromEntries(outboxStates.map((state, index) => [state, counts[index] ?? 0])) as Record<
        OutboxState,
        number
      >;
    },

    waiting: (query) => waiting.list(query),

    async departures(sessionId, sinceMs) {
      const departed = keys.some(sessionId, ["outbox:departed"]);
      const newest = (await server.readScript(listDepartures, departed, [
        sinceMs,
        mostDepartures,
      ])) as readonly string[];
      return newest.map(Number).toReversed();
    },
  };
}

/** Well-formed text for any id, and never empty. */
function wordOf(id: string): string {
  return JSON.stringify(id);
}

function keyOf({ messageKey }: Pick<OutboxRow, "messageKey">): string {
  return messageKey === undefined ? "" : wordOf(messageKey);
}

function departureOf({ state, settledAtMs }: Pick<OutboxRow, "state" | "settledAtMs">): string | number {
  return settledAtMs !== undefined && (state === "sent" || state === "unknown") ? settledAtMs : "";
}

function valueOf(row: object): string {
  return newStamp() + JSON.stringify(row);
}
