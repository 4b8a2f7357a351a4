import type { OutboundMessage, Session } from "@colloquy/core";
import type { Context, Report } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import type { Opened } from "../open-colloquy.js";
import { openProgress } from "../output/progress.js";
import { letGoOn } from "./let-go.js";
import { sendsPerSecond } from "./pace.js";
import { type Counts, createTally, type Fate, fateOf } from "./tally.js";

/**
 * Accepts all messages, then sends them as the limits allow. Ctrl-C lets what is on the wire settle and leaves the rest
 * stored, as a crash would.
 */
export async function sendMany(
  context: Context,
  opened: Opened,
  session: Session,
  messages: readonly OutboundMessage[],
  timeoutMs?: number,
): Promise<Report> {
  const { output, signal } = context;
  const fates: Fate[] = [];
  const tally = createTally();
  const startedAtMs = Date.now();
  const progress = await openProgress(context, messages.length, () => sendsPerSecond(session));
  const lettingGo = letGoOn(signal, opened);
  try {
    for await (const result of session.sendAll(messages, timeoutMs === undefined ? {} : { timeoutMs })) {
      const fate = fateOf(result);
      fates.push(fate);
      output.event("message", { ...fate });
      progress.tick(tally.add(fate));
    }
  } finally {
    await lettingGo.finished();
    progress.close();
  }
  const tookMs = Date.now() - startedAtMs;
  const counts = tally.counts;
  tellCounts(context, session, counts);
  return {
    fields: { accepted: fates.length, ...counts, tookMs, messages: fates },
    exitCode: exitCodeOfCounts(counts, signal),
  };
}

export function exitCodeOfCounts({ failed, unknown, queued }: Counts, signal: AbortSignal): 0 | 1 | 3 {
  if (signal.aborted && queued > 0) return exitCodes.cancelled;
  return failed + unknown + queued > 0 ? exitCodes.failed : exitCodes.done;
}

export function tellCounts({ output }: Context, session: Session, { sent, failed, unknown, queued }: Counts): void {
  output.line(`Sent ${sent}, failed ${failed}, unknown ${unknown}${queued > 0 ? `, still queued ${queued}` : ""}.`);
  if (queued > 0)
    output.note(`Go on: colloquy send ${session.id} --resume. Cancel them: colloquy send ${session.id} --discard`);
  if (unknown > 0) output.note("Unknown: the message may have arrived. Look at the chat before you send it again.");
}
