import { setTimeout as delay } from "node:timers/promises";
import type { Session } from "@colloquy/core";
import type { Context, Report } from "../context.js";
import { label } from "../describe-session.js";
import { findSession } from "../find-session.js";
import { withColloquy } from "../open-colloquy.js";
import { openLiveArea } from "../output/live-area.js";
import { drawLimits } from "./draw-limits.js";

const redrawMs = 500;

/** `colloquy limits`. Reads only: what was sent lately is counted from the store, whichever process sent it. */
export function limitsCommand(context: Context, reference: string, watches: boolean): Promise<Report> {
  return withColloquy(context, async ({ colloquy }) => {
    const session = await findSession(colloquy, reference);
    context.output.line(label(session));
    if (watches) await watch(context, session);
    else context.output.line(drawLimits((await session.refresh()).rateLimits()));
    return { fields: { id: session.id, name: session.name, limits: session.rateLimits() } };
  });
}

/** Until Ctrl-C. Where nothing can be redrawn, a line for each change. */
async function watch({ output, io, signal }: Context, session: Session): Promise<void> {
  const area = await openLiveArea(output, io.stdout);
  let last = "";
  while (!signal.aborted) {
    const limits = (await session.refresh()).rateLimits();
    const drawn = drawLimits(limits);
    if (area) area.draw(drawn);
    else if (drawn !== last) output.line(drawn);
    if (drawn !== last) output.event("limits", { limits });
    last = drawn;
    await delay(redrawMs, undefined, { signal }).catch(() => {});
  }
  area?.done();
}
