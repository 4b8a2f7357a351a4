import { judgeBars, type Row } from "../figures/bars.js";
import { printReport } from "../figures/report.js";
import { medianFigures } from "../figures/statistics.js";
import { bundle } from "../measures/bundle.js";
import { measure } from "../measures/measure.js";
import { watchWeather } from "../measures/weather.js";
import type { Size } from "../scenarios/catalogue.js";
import type { Bar, Figures } from "../scenarios/scenario.js";

export interface FleetBenchOptions {
  readonly isJson: boolean;
  readonly size: Size;
  /** Names of cases; empty for all. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly progress: (text: string) => void;
}

interface FleetCase {
  readonly name: string;
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly run: (programs: Programs) => Promise<Figures>;
}

interface Programs {
  readonly idle: string;
  readonly handoff: string;
  readonly worker: string;
}

const idleCase = (count: number, watchedS: number): FleetCase => ({
  name: `idle-${count}`,
  title: `${count.toLocaleString("en")} connected sessions in one process, on SQLite`,
  bars: [],
  run: ({ idle }) => measure(idle, [String(count), String(watchedS)], ["--expose-gc"]),
});

/** `mostMs`: how long it may take; without it the time is told, and judged by nobody. */
const handoffCase = (sessions: number, messages: number, mostMs?: number): FleetCase => ({
  name: `handoff-${sessions}`,
  title: `${sessions.toLocaleString("en")} sessions from one worker to another while messages are queued`,
  bars: [
    ...(mostMs === undefined ? [] : [{ figure: "handoffMs" as const, limit: mostMs }]),
    { figure: "lost", limit: 0 },
    { figure: "duplicates", limit: 0 },
  ],
  run: ({ handoff, worker }) => measure(handoff, [String(sessions), String(messages), worker]),
});

const cases: Readonly<Record<Size, readonly FleetCase[]>> = {
  quick: [idleCase(1_000, 3), handoffCase(100, 200, 1_000)],
  full: [
    idleCase(1_000, 20),
    idleCase(10_000, 20),
    idleCase(50_000, 20),
    handoffCase(100, 200, 1_000),
    handoffCase(1_000, 1_000),
  ],
};

/** What sessions weigh, how fast they come back, and how fast they change hands. */
export async function runFleet({ isJson, size, only, rounds, progress }: FleetBenchOptions): Promise<void> {
  const unknown = only.filter((name) => !cases[size].some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no case ${unknown.join(", ")}. There are ${cases[size].map(({ name }) => name).join(", ")}.`,
    );
  const wanted = cases[size].filter(({ name }) => only.length === 0 || only.includes(name));
  const programs: Programs = {
    idle: await bundle(new URL("idle-sessions.ts", import.meta.url)),
    handoff: await bundle(new URL("handoff.ts", import.meta.url)),
    worker: await bundle(new URL("worker.ts", import.meta.url)),
  };
  const weather = watchWeather();
  const rows: Row[] = [];
  for (const { name, title, run } of wanted) {
    const figures: Figures[] = [];
    for (let round = 0; round < rounds; round++) {
      progress(`${title}, round ${round + 1}`);
      figures.push(await run(programs));
    }
    rows.push({ scenario: name, subject: "Colloquy", rounds, ...medianFigures(figures) });
  }
  rows.push({ scenario: "machine", subject: "while it ran", rounds: 1, ...weather() });
  const bars = wanted.flatMap(({ name, bars }) => judgeBars(name, bars, rows));
  const titles = [...wanted.map(({ name, title }) => [name, title] as const), ["machine", "how busy it was"] as const];
  printReport(titles, rows, bars, isJson);
}
