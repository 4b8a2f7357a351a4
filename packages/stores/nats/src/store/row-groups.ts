import type { SessionId } from "@colloquy/core/contract";
import { sessionNotFound } from "../failure.js";
import type { Heads } from "./heads.js";

/** Rows that one write takes, by their places in the call. */
export interface RowGroup {
  readonly sessionId: SessionId;
  readonly creation: string;
  readonly places: readonly number[];
}

/**
 * One group for each session, after a look at whether all are there. All or none holds for each session, and over several ones
 * as long as nobody removes one of them and the server stays up in between.
 */
export async function rowGroups(
  heads: Heads,
  rows: readonly { readonly sessionId: SessionId }[],
): Promise<readonly RowGroup[]> {
  const sessionIds = [...new Set(rows.map(({ sessionId }) => sessionId))];
  const found = await Promise.all(sessionIds.map((sessionId) => heads.find(sessionId)));
  return sessionIds.map((sessionId, index) => {
    const head = found[index];
    if (!head) throw sessionNotFound(sessionId);
    const places = [...rows.keys()].filter((place) => rows[place]?.sessionId === sessionId);
    return { sessionId, creation: head.creation, places };
  });
}
