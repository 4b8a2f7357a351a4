import type { AskFlags } from "../commands/ask.js";
import type { Context, Report } from "../context.js";
import { label } from "../describe-session.js";
import { parseDuration } from "../durations.js";
import { findSession } from "../find-session.js";
import { withColloquy } from "../open-colloquy.js";
import { readInput } from "../read-input.js";
import { usageError } from "../usage-error.js";
import { readSchema } from "./answer-schema.js";
import { awaitAnswer } from "./await-answer.js";

/** `colloquy ask`. What is stored stays: Ctrl-C or `--wait` leave the question open, and `colloquy asks resume` goes on. */
export async function askCommand(context: Context, reference: string, text: string, flags: AskFlags): Promise<Report> {
  const { to, via, deadline, wait, id } = flags;
  const question = (text === "-" ? await readInput("-", context.io) : text).trim();
  if (question === "") throw usageError("The question is blank.", "Give its text.");
  const schema = flags.schema === undefined ? undefined : await readSchema(flags.schema, context.io);
  const deadlineMs = deadline === undefined ? undefined : parseDuration(deadline);
  const waitMs = wait === undefined ? undefined : parseDuration(wait);
  return withColloquy(context, async ({ colloquy }) => {
    const session = await findSession(colloquy, reference);
    const carrier = via === undefined ? undefined : await findSession(colloquy, via);
    const mustPair: boolean = session.has("pairing");
    // One that must be paired first says so itself.
    if (session.state === "created" && !mustPair) await session.start();
    const ask = await session.ask({
      text: question,
      ...(to === undefined ? {} : { to }),
      ...(carrier === undefined ? {} : { via: carrier }),
      ...(schema === undefined ? {} : { schema }),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(id === undefined ? {} : { id }),
    });
    context.output.event("asked", { askId: ask.id, sessionId: session.id, deadlineAtMs: ask.deadlineAtMs });
    context.output.note(`Asked ${label(session)}; the question is ${ask.id}.`);
    return awaitAnswer(context, ask, waitMs);
  });
}
