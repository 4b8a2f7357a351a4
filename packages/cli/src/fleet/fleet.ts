import { setTimeout as delay } from "node:timers/promises";
import type { Context, Report } from "../context.js";
import { withColloquy } from "../open-colloquy.js";
import { shownLocation } from "../open-store.js";
import { openLiveArea } from "../output/live-area.js";
import { drawFleet } from "./draw-fleet.js";
import { lookAtFleet } from "./look-at-fleet.js";

const redrawMs = 1_000;

/** `colloquy fleet`. Reads only. */
export function fleetCommand(context: Context, watches: boolean): Promise<Report> {
  const { output, io, signal } = context;
  return withColloquy(context, async (opened) => {
    const store = shownLocation(opened.path);
    if (!watches) {
      const fleet = await lookAtFleet(opened);
      output.line(drawFleet(fleet, store));
      return { fields: { store, ...fleet } };
    }
    const area = await openLiveArea(output, io.stdout);
    let fleet = await lookAtFleet(opened);
    while (!signal.aborted) {
      const drawn = drawFleet(fleet, store);
      if (area) area.draw(drawn);
      else output.line(drawn);
      output.event("fleet", { ...fleet });
      await delay(redrawMs, undefined, { signal }).catch(() => {});
      fleet = await lookAtFleet(opened);
    }
    area?.done();
    return { fields: { store, ...fleet } };
  });
}
