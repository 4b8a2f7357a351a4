import type { EmulatorClock } from "../clock.js";
import { defaultDials, type WasenderDials } from "./dials.js";
import { parseDials } from "./dials-schema.js";
import { wasenderScenarios } from "./scenarios.js";

/** The dials as they stand, and what follows from when they were turned. */
export interface Weather {
  readonly dials: WasenderDials;
  readonly scenario: string;
  /** Sends are refused before this instant. */
  readonly wallUntilMs: number;
  set(dials: unknown): void;
  use(scenario: string): void;
  reset(): void;
}

export function createWeather(clock: EmulatorClock, startScenario: string, startDials: unknown): Weather {
  const fixed = parseDials(startDials);
  let dials = defaultDials();
  let scenario = startScenario;
  let wallUntilMs = 0;

  const turn = (changes: Partial<WasenderDials>): void => {
    Object.assign(dials, changes);
    if (changes.limitWall !== undefined) wallUntilMs = clock.now() + changes.limitWall;
  };
  const use = (name: string): void => {
    const chosen = Object.hasOwn(wasenderScenarios, name) ? wasenderScenarios[name] : undefined;
    if (chosen === undefined) {
      throw new TypeError(`No scenario "${name}". There are: ${Object.keys(wasenderScenarios).join(", ")}.`);
    }
    scenario = name;
    dials = defaultDials();
    wallUntilMs = 0;
    turn(structuredClone(chosen.dials));
    turn(structuredClone(fixed));
  };

  use(startScenario);
  return {
    get dials() {
      return dials;
    },
    get scenario() {
      return scenario;
    },
    get wallUntilMs() {
      return wallUntilMs;
    },
    set: (changes) => turn(parseDials(changes)),
    use,
    reset: () => use(startScenario),
  };
}
