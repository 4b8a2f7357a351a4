import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "../database.js";
import type { Sql } from "../sql.js";

// As many as each list may have to sort, and some milliseconds of work.
const mostMoved = 200;
const settledAtOnce = 2_000;

const settling = new WeakSet<Database>();

/**
 * Puts what has moved back into the indexes by the last change, when it is more than each list should sort. Nothing waits for it
 * or depends on it: a list is right however many have moved, also in a file that cannot be written.
 */
export function settleOrder(database: Database): void {
  if (settling.has(database)) return;
  settling.add(database);
  settle(database)
    .catch(() => {
      // Locked for long, or full: the next list tries again.
    })
    .finally(() => settling.delete(database));
}

async function settle(database: Database): Promise<void> {
  while (await database.read(haveManyMoved)) {
    await database.write(putBack);
    await nextTurn();
  }
}

function haveManyMoved(sql: Sql): boolean {
  const text = "SELECT 1 FROM conversations INDEXED BY conversations_moved WHERE moved = 1 LIMIT 1 OFFSET ?";
  return sql.get(text, mostMoved) !== undefined;
}

function putBack(sql: Sql): void {
  sql.run(
    "UPDATE conversations SET moved = 0 WHERE number IN (SELECT number FROM conversations INDEXED BY conversations_moved WHERE moved = 1 LIMIT ?)",
    settledAtOnce,
  );
}
