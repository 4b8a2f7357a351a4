import { setTimeout as pause } from "node:timers/promises";
import type { Session } from "@colloquy/core";
import type { Context } from "../context.js";
import type { Opened } from "../open-colloquy.js";
import { eventJson, eventLine, timeOfDay } from "./event-text.js";

const lookEveryMs = 500;

/**
 * Reads the session's history and inbox again and again, whoever writes them. Takes nothing over, and marks no event as
 * handled: an application that waits for it still gets it.
 */
export async function followStored({ output, signal }: Context, { store }: Opened, session: Session): Promise<number> {
  let afterLogSeq = (await session.explain()).timeline.at(-1)?.seq ?? 0;
  let afterInboxSeq = 0;
  let count = 0;
  while (!signal.aborted) {
    for (const { seq, atMs, event, from, to, disposition, reason } of await store.log.read(session.id, {
      afterSeq: afterLogSeq,
    })) {
      afterLogSeq = seq;
      count += 1;
      output.event("history", { seq, atMs, lifecycleEvent: event, from, to, disposition, reason });
      const what = from === to ? `stays ${to}` : `${from} -> ${to}`;
      output.line(`${timeOfDay(atMs)}  ${event}: ${what}${reason === undefined ? "" : ` (${reason})`}`);
    }
    for (const { seq, event, receivedAtMs } of await store.inbox.pending(session.id, { afterSeq: afterInboxSeq })) {
      afterInboxSeq = seq;
      count += 1;
      const told = { ...event, sessionId: session.id, atMs: receivedAtMs };
      output.event("session_event", eventJson(told, output));
      output.line(eventLine(told, output));
    }
    await pause(lookEveryMs, undefined, { signal }).catch(() => {});
  }
  await session.refresh();
  return count;
}
