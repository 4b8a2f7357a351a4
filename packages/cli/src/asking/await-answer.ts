import { type Ask, type AskOutcome, ColloquyError } from "@colloquy/core";
import type { Context, Report } from "../context.js";
import { inWords } from "../durations.js";

/** Waits for the question's end and prints the answer alone, so that a pipe gets nothing else. */
export async function awaitAnswer(context: Context, ask: Ask<unknown>, waitMs: number | undefined): Promise<Report> {
  const { output } = context;
  const startedAtMs = Date.now();
  const outcome = await endOrLeave(context, ask, waitMs);
  if (outcome.state !== "answered") throw outcome.error;
  const { answer, answeredBy } = outcome;
  output.line(typeof answer === "string" ? answer : JSON.stringify(answer));
  const by = answeredBy === undefined ? {} : { answeredBy };
  return { fields: { ask: { id: ask.id, state: "answered", answer, ...by, tookMs: Date.now() - startedAtMs } } };
}

async function endOrLeave(
  { output, signal }: Context,
  ask: Ask<unknown>,
  waitMs: number | undefined,
): Promise<AskOutcome<unknown>> {
  const leaving = new AbortController();
  const timer = waitMs === undefined ? undefined : setTimeout(() => leaving.abort(stillOpen(ask.id, waitMs)), waitMs);
  const left = new Promise<never>((_, reject) => {
    for (const one of [signal, leaving.signal]) one.addEventListener("abort", () => reject(one.reason as Error));
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([ask.outcome, left]);
  } catch (error) {
    if (signal.aborted) output.note(`The question stays open. To go on: colloquy asks resume ${ask.id}`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function stillOpen(id: string, waitMs: number): ColloquyError {
  return new ColloquyError({
    code: "WAIT_TIMEOUT",
    message: `No answer came within ${inWords(waitMs)}; the question stays open.`,
    userAction: `Wait on with \`colloquy asks resume ${id}\`, or end it with \`colloquy asks cancel ${id}\`.`,
  });
}
