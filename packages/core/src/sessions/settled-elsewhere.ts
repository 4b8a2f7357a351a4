import type { CancelSignal } from "../cancellation.js";
import { sleep } from "../clock.js";
import type { OutboxRow, OutboxState } from "../store/store.js";
import type { Runtime } from "./runtime.js";

const firstLookMs = 100;
const longestPauseMs = 2_000;
const open: ReadonlySet<OutboxState> = new Set(["queued", "sending"]);

/**
 * Looks again and again until another process has settled the message, or until it waits and is this process's to send again.
 * Undefined when it is gone.
 */
export async function settledElsewhere(
  { store, clock }: Pick<Runtime, "store" | "clock">,
  { sessionId, id }: Pick<OutboxRow, "sessionId" | "id">,
  signal: CancelSignal,
  isOurs: () => boolean,
): Promise<OutboxRow | undefined> {
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    await sleep(clock, pauseMs, signal);
    const row = await store.outbox.get(sessionId, id);
    if (!row || !open.has(row.state) || (row.state === "queued" && isOurs())) return row;
  }
}
