import { z } from "zod";

export interface Scenario<Dials> {
  /** One line for people. */
  description: string;
  /** What it changes; every other dial has its default. */
  dials: Partial<Dials>;
}

/** The dials of one service as they stand. */
export interface ServiceWeather<Dials> {
  readonly dials: Dials;
  readonly scenario: string;
  set(dials: unknown): void;
  use(scenario: string): void;
  reset(): void;
}

export interface WeatherOptions<Dials> {
  /** For messages, such as "ATLUS". */
  readonly service: string;
  readonly defaults: () => Dials;
  readonly shape: Readonly<Record<keyof Dials, z.ZodType>>;
  readonly scenarios: Readonly<Record<string, Scenario<Dials>>>;
  readonly startScenario: string;
  /** Dials that win over every scenario. */
  readonly startDials: unknown;
}

export function createServiceWeather<Dials extends object>(options: WeatherOptions<Dials>): ServiceWeather<Dials> {
  const { service, defaults, scenarios, startScenario } = options;
  const schema = z.strictObject(options.shape).partial();
  const parse = (input: unknown): Partial<Dials> => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new TypeError(`Not a set of ${service} dials.\n${z.prettifyError(parsed.error)}`);
    const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
    return structuredClone(Object.fromEntries(given)) as Partial<Dials>;
  };
  const fixed = parse(options.startDials ?? {});
  let dials = defaults();
  let scenario = startScenario;
  const use = (name: string): void => {
    const chosen = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
    if (chosen === undefined)
      throw new TypeError(`No scenario "${name}". There are: ${Object.keys(scenarios).join(", ")}.`);
    scenario = name;
    dials = Object.assign(defaults(), structuredClone(chosen.dials), structuredClone(fixed));
  };
  use(startScenario);
  return {
    get dials() {
      return dials;
    },
    get scenario() {
      return scenario;
    },
    set: (changes) => void Object.assign(dials, parse(changes)),
    use,
    reset: () => use(startScenario),
  };
}
