import type { EmulatorClock, Timers } from "../clock.js";
import type { Random } from "../random.js";
import type { SsmDials } from "./dials.js";

/** What every part of a session needs: time, chance and the dials as they stand. */
export interface Stage {
  readonly clock: EmulatorClock;
  readonly timers: Timers;
  readonly random: Random;
  readonly dials: SsmDials;
}
