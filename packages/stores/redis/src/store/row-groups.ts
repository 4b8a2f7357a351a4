import type { SessionId } from "@colloquy/core/contract";
import { sessionNotFound } from "./failure.js";
import type { Keys } from "./keys.js";
import type { Server } from "./server.js";

/** Rows that one script writes, by their places in the call. */
export interface RowGroup {
  readonly sessionIds: readonly SessionId[];
  readonly places: readonly number[];
}

/**
 * All rows in one group, as one script writes them together. In a cluster, sessions lie on several nodes: then one group for
 * each, after a look at whether all are there. So all or none holds there for each session, and over several ones as long as
 * nobody removes one of them and the cluster stays up in between.
 */
export async function bySession(
  server: Server,
  keys: Keys,
  rows: readonly { readonly sessionId: SessionId }[],
): Promise<readonly RowGroup[]> {
  const sessionIds = [...new Set(rows.map(({ sessionId }) => sessionId))];
  if (rows.length === 0) return [];
  if (!server.isCluster || sessionIds.length === 1) return [{ sessionIds, places: [...rows.keys()] }];
  const found = await Promise.all(
    sessionIds.map((sessionId) => server.read((client) => client.exists(keys.of(sessionId, "record")))),
  );
  const missing = sessionIds.find((_, index) => found[index] === 0);
  if (missing !== undefined) throw sessionNotFound(missing);
  return sessionIds.map((sessionId) => ({
    sessionIds: [sessionId],
    places: [...rows.keys()].filter((place) => rows[place]?.sessionId === sessionId),
  }));
}
