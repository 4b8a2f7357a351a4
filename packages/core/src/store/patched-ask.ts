import type { AskPatch, AskRow } from "./asks.js";

/** What a store keeps after a move. */
export function patchedAsk(row: AskRow, patch: AskPatch): AskRow {
  return { ...row, ...patch, revision: row.revision + 1 };
}
