import type { Context, Report } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { withColloquy } from "../open-colloquy.js";
import { findAsk } from "./find-ask.js";

/** `colloquy asks cancel`. Ends with 1 when the question was settled before. */
export function cancelAskCommand(context: Context, reference: string): Promise<Report> {
  return withColloquy(context, async ({ colloquy, store }) => {
    const { id, state } = await findAsk(store, reference);
    const ask = await colloquy.asks.resume(id);
    const isCancelled = await ask.cancel();
    context.output.line(isCancelled ? `Question ${id} is cancelled.` : `Question ${id} was ${state} already.`);
    return { fields: { ask: { id, isCancelled } }, ...(isCancelled ? {} : { exitCode: exitCodes.failed }) };
  });
}
