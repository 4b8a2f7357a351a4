import { judgeBars, type Row } from "../figures/bars.js";
import { printReport } from "../figures/report.js";
import { medianFigures } from "../figures/statistics.js";
import { bundle } from "../measures/bundle.js";
import { watchWeather } from "../measures/weather.js";
import type { Size } from "../scenarios/catalogue.js";
import type { Figures } from "../scenarios/scenario.js";
import { ssmCases } from "./cases.js";
import { measureSession, type SsmPrograms } from "./measure-session.js";

export interface SsmBenchOptions {
  readonly isJson: boolean;
  readonly size: Size;
  /** Names of cases; empty for all. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly progress: (text: string) => void;
}

/** Sessions against a lean gateway in another process. Bars are told, not asserted: it fails only when bytes are missing. */
export async function runSsm({ isJson, size, only, rounds, progress }: SsmBenchOptions): Promise<void> {
  const all = ssmCases(size);
  const unknown = only.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Error(`There is no case ${unknown.join(", ")}. There are ${all.map(({ name }) => name).join(", ")}.`);
  const cases = all.filter(({ name }) => only.length === 0 || only.includes(name));
  const programs: SsmPrograms = {
    client: await bundle(new URL("client.ts", import.meta.url)),
    gateway: await bundle(new URL("gateway/main.ts", import.meta.url)),
  };
  const weather = watchWeather();
  const runs = new Map<string, Figures[]>(cases.map(({ name }) => [name, []]));
  // Round by round, so that a busy minute of the machine does not hit all rounds of one case.
  for (let round = 0; round < rounds; round++)
    for (const { name, title, job } of cases) {
      progress(`${title}, round ${round + 1}`);
      runs.get(name)?.push(await measureSession(programs, job));
    }
  const rows: Row[] = [...runs].map(([scenario, figures]) => ({
    scenario,
    subject: "Colloquy",
    rounds,
    ...medianFigures(figures),
  }));
  rows.push({ scenario: "machine", subject: "while it ran", rounds: 1, ...weather() });
  const bars = cases.flatMap(({ name, bars }) => judgeBars(name, bars, rows));
  const titles = [...cases.map(({ name, title }) => [name, title] as const), ["machine", "how busy it was"] as const];
  printReport(titles, rows, bars, isJson);
}
