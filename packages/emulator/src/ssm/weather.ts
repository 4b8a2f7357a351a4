import { defaultSsmDials, type SsmDials } from "./dials.js";
import { parseSsmDials } from "./dials-schema.js";
import { ssmScenarios } from "./scenarios.js";

/** The dials as they stand. */
export interface SsmWeather {
  readonly dials: SsmDials;
  readonly scenario: string;
  /** Turns some dials. */
  set(dials: unknown): void;
  use(scenario: string): void;
  reset(): void;
}

export function createSsmWeather(startScenario: string, startDials: unknown): SsmWeather {
  const fixed = parseSsmDials(startDials);
  // One object that is turned in place: every frame looks at it.
  const dials = defaultSsmDials();
  let scenario = startScenario;

  const use = (name: string): void => {
    const chosen = Object.hasOwn(ssmScenarios, name) ? ssmScenarios[name] : undefined;
    if (chosen === undefined) {
      throw new TypeError(`No scenario "${name}". There are: ${Object.keys(ssmScenarios).join(", ")}.`);
    }
    scenario = name;
    Object.assign(dials, defaultSsmDials(), chosen.dials, fixed);
  };

  use(startScenario);
  return {
    dials,
    get scenario() {
      return scenario;
    },
    set(changes) {
      Object.assign(dials, parseSsmDials(changes));
    },
    use,
    reset: () => use(startScenario),
  };
}
