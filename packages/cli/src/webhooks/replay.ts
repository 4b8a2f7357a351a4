import { isColloquyError, type RawDelivery } from "@colloquy/core";
import type { ReplayFlags } from "../commands/webhook.js";
import type { Context, Report } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { findSession } from "../find-session.js";
import { withColloquy } from "../open-colloquy.js";
import { readInput } from "../read-input.js";
import { usageError } from "../usage-error.js";
import { postTo, targetUrl } from "./post.js";
import { type RecordedLine, readRecording } from "./recording.js";

/** What became of one delivery. */
export type Outcome =
  | { readonly state: "taken"; readonly detail: string }
  | { readonly state: "duplicate" }
  | { readonly state: "refused"; readonly detail: string };

type Feed = (delivery: RawDelivery) => Promise<Outcome>;

/** `colloquy webhook replay`. A line that cannot be used is told by its number, and the rest goes on. */
export async function replayCommand(
  context: Context,
  file: string,
  reference: string | undefined,
  { to }: ReplayFlags,
): Promise<Report> {
  if ((reference === undefined) === (to === undefined))
    throw usageError("Say where to, in one way.", "Give a session, or --to with a URL.");
  const url = to === undefined ? undefined : targetUrl(to);
  const lines = readRecording(await readInput(file, context.io));
  if (lines.length === 0)
    throw usageError("The file holds no delivery.", "Record one: colloquy webhook listen <session> --record <file>");
  if (url) return replayAll(context, lines, (delivery) => postTo(url, delivery, context.signal));
  return withColloquy(context, async ({ colloquy }) => {
    const session = await findSession(colloquy, reference ?? "");
    return replayAll(context, lines, async (delivery) => {
      const { stored, duplicates } = await session.receive(delivery);
      if (stored === 0 && duplicates > 0) return { state: "duplicate" };
      return { state: "taken", detail: stored === 1 ? "1 event" : `${stored} events` };
    });
  });
}

async function replayAll({ output, signal }: Context, lines: readonly RecordedLine[], feed: Feed): Promise<Report> {
  const counts = { taken: 0, duplicate: 0, refused: 0, unreadable: 0 };
  const problems: { readonly line: number; readonly problem: string }[] = [];
  for (const line of lines) {
    signal.throwIfAborted();
    const { lineNumber } = line;
    const outcome = "problem" in line ? undefined : await feedOne(feed, line.delivery);
    const state = outcome?.state ?? "unreadable";
    const detail = "problem" in line ? line.problem : outcome && "detail" in outcome ? outcome.detail : "came before";
    counts[state] += 1;
    if (state === "refused" || state === "unreadable") problems.push({ line: lineNumber, problem: detail });
    output.event("replayed", { line: lineNumber, state, detail });
    output.line(`line ${lineNumber}: ${state}${state === "unreadable" ? `: it ${detail}` : ` (${detail})`}`);
  }
  const { taken, duplicate, refused, unreadable } = counts;
  output.line(`${taken} taken, ${duplicate} came before, ${refused} refused, ${unreadable} unreadable.`);
  const fields = { lines: lines.length, taken, duplicates: duplicate, refused, unreadable, problems };
  return { fields, exitCode: problems.length === 0 ? exitCodes.done : exitCodes.failed };
}

/** What this delivery met is told and the next one tried; trouble that would meet every one of them ends the command. */
async function feedOne(feed: Feed, delivery: RawDelivery): Promise<Outcome> {
  try {
    return await feed(delivery);
  } catch (error) {
    if (isColloquyError(error) && error.code === "WEBHOOK_REJECTED") return { state: "refused", detail: error.code };
    throw error;
  }
}
