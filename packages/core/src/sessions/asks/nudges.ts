import type { InstantMs } from "../../contract/index.js";
import type { AskRow } from "../../store/asks.js";
import { escalationKeys } from "./chat-key.js";
import type { OpenAsks } from "./open-asks.js";

/** Reminds and escalates when it is time. Each is stored first, so that two processes do not both do it. */
export async function nudge(open: OpenAsks, row: AskRow): Promise<void> {
  const { board, ways } = open;
  const nowMs = open.runtime.clock.now();
  const { remind, escalate } = row;
  if (remind && dueOf(row).remindAtMs <= nowMs) {
    const moved = await board.move(row, ["pending"], { reminderCount: row.reminderCount + 1 }, row.revision);
    if (moved) await (await ways.of(moved)).remind(moved).catch((error: unknown) => open.report(row.id, error));
  } else if (escalate && dueOf(row).escalateAtMs <= nowMs) {
    const keys = [...new Set([...row.keys, ...escalationKeys(row)])];
    const moved = await board.move(row, ["pending"], { escalatedAtMs: nowMs, keys }, row.revision);
    if (moved)
      await (await ways.second(moved)).escalate(moved, false).catch((error: unknown) => open.report(row.id, error));
  }
}

/** When the next reminder and the escalation are due; infinity for what is not to come. */
export function dueOf(row: AskRow): { readonly remindAtMs: InstantMs; readonly escalateAtMs: InstantMs } {
  const { remind, escalate, startedAtMs, reminderCount } = row;
  const never = Number.POSITIVE_INFINITY;
  if (startedAtMs === undefined || row.state !== "pending") return { remindAtMs: never, escalateAtMs: never };
  const mayRemind = remind && reminderCount < remind.times;
  return {
    remindAtMs: mayRemind ? startedAtMs + remind.afterMs * (reminderCount + 1) : never,
    escalateAtMs: escalate && row.escalatedAtMs === undefined ? startedAtMs + escalate.afterMs : never,
  };
}
