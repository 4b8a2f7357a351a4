import type { AsksResumeFlags } from "../commands/ask.js";
import type { Context, Report } from "../context.js";
import { parseDuration } from "../durations.js";
import { withColloquy } from "../open-colloquy.js";
import { readSchema } from "./answer-schema.js";
import { awaitAnswer } from "./await-answer.js";
import { findAsk } from "./find-ask.js";

/** `colloquy asks resume`: the answer is given to whoever waits first, and to nobody else. */
export async function resumeAskCommand(context: Context, reference: string, flags: AsksResumeFlags): Promise<Report> {
  const schema = flags.schema === undefined ? undefined : await readSchema(flags.schema, context.io);
  const waitMs = flags.wait === undefined ? undefined : parseDuration(flags.wait);
  return withColloquy(context, async ({ colloquy, store }) => {
    const { id } = await findAsk(store, reference);
    const ask = await colloquy.asks.resume(id, schema === undefined ? {} : { schema });
    return awaitAnswer(context, ask, waitMs);
  });
}
