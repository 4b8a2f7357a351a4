import type { OutboundMessage, Session } from "@colloquy/core";
import type { Context, Report } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import type { Opened } from "../open-colloquy.js";
import { openProgress } from "../output/progress.js";
import { sendsPerSecond } from "./pace.js";
import { type Counts, countFates, type Fate, fateOf } from "./tally.js";

/**
 * Accepts all messages, then sends them as the limits allow. Ctrl-C lets what is on the wire settle and leaves the rest
 * stored, as a crash would.
 */
export async function sendMany(
  context: Context,
  { colloquy }: Opened,
  session: Session,
  messages: readonly OutboundMessage[],
  timeoutMs?: number,
): Promise<Report> {
  const { output, signal } = context;
  const fates = new Map<string, Fate>();
  const startedAtMs = Date.now();
  const progress = await openProgress(context, messages.length, () => sendsPerSecond(session));
  const onInterrupt = (): void => void colloquy.shutdown();
  signal.addEventListener("abort", onInterrupt, { once: true });
  try {
    for await (const result of session.sendAll(messages, timeoutMs === undefined ? {} : { timeoutMs })) {
      const fate = fateOf(result);
      fates.set(fate.id, fate);
      output.event("message", { ...fate });
      if (fate.state !== "queued") progress.tick(countFates(fates.values()));
    }
  } finally {
    signal.removeEventListener("abort", onInterrupt);
    progress.close();
  }
  const tookMs = Date.now() - startedAtMs;
  const counts = countFates(fates.values());
  tellCounts(context, session, counts);
  return {
    fields: { accepted: fates.size, ...counts, tookMs, messages: [...fates.values()] },
    exitCode: exitCodeOfCounts(counts, signal),
  };
}

export function exitCodeOfCounts({ failed, unknown, queued }: Counts, signal: AbortSignal): 0 | 1 | 3 {
  if (signal.aborted && queued > 0) return exitCodes.cancelled;
  return failed + unknown + queued > 0 ? exitCodes.failed : exitCodes.done;
}

export function tellCounts({ output }: Context, session: Session, { sent, failed, unknown, queued }: Counts): void {
  output.line(`Sent ${sent}, failed ${failed}, unknown ${unknown}${queued > 0 ? `, still queued ${queued}` : ""}.`);
  if (queued > 0) output.note(`Go on: colloquy send ${session.id} --resume. Cancel them: colloquy send ${session.id} --discard`);
  if (unknown > 0) output.note("Unknown: the message may have arrived. Look at the chat before you send it again.");
}
