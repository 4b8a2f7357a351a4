import { type JudgedBar, judgeBars, type Row } from "../figures/bars.js";
import { printReport } from "../figures/report.js";
import { medianFigures } from "../figures/statistics.js";
import { bundle } from "../measures/bundle.js";
import { measure } from "../measures/measure.js";
import { watchWeather } from "../measures/weather.js";
import type { Size } from "../scenarios/catalogue.js";
import type { Bar, Figures } from "../scenarios/scenario.js";

export interface AsksBenchOptions {
  readonly isJson: boolean;
  readonly size: Size;
  readonly rounds: number;
  readonly progress: (text: string) => void;
}

const atOnceBars: readonly Bar[] = [
  { figure: "mistold", limit: 0 },
  { figure: "duplicates", limit: 0 },
  { figure: "lost", limit: 0 },
];
const pendingBars: readonly Bar[] = [
  { figure: "bytesEach", limit: 1_000 },
  { figure: "lost", limit: 0 },
];
const subjects = ["Colloquy", "Colloquy, memory store: with the row"] as const;

/** Whether answers find their questions, and what a question weighs while it waits for its answer. */
export async function runAsks({ isJson, size, rounds, progress }: AsksBenchOptions): Promise<void> {
  const pendingCount = size === "quick" ? 2_000 : 10_000;
  const titles = [
    ["at-once", "200 questions out at once on one session, answered in random order"],
    ["pending", `${pendingCount.toLocaleString("en")} pending questions in one process, each awaited`],
    ["machine", "how busy it was"],
  ] as const;
  const [atOnce, pending] = await Promise.all(
    ["at-once.ts", "pending.ts"].map((program) => bundle(new URL(program, import.meta.url))),
  );
  const weather = watchWeather();
  const found = new Map<string, Figures[]>();
  const add = (name: string, figures: Figures): void => void found.set(name, [...(found.get(name) ?? []), figures]);
  for (let round = 1; round <= rounds; round++) {
    progress(`${titles[0][1]}, round ${round}`);
    add("at-once", await measure(atOnce ?? "", ["200", String(round)]));
    for (const subject of subjects) {
      progress(`${titles[1][1]}: ${subject}, round ${round}`);
      add(subject, await measure(pending ?? "", [subject, String(pendingCount)], ["--expose-gc"]));
    }
  }
  const row = (scenario: string, subject: string, name: string): Row => ({
    scenario,
    subject,
    rounds,
    ...medianFigures(found.get(name) ?? []),
  });
  const rows: readonly Row[] = [
    row("at-once", "Colloquy", "at-once"),
    ...subjects.map((subject) => row("pending", subject, subject)),
    { scenario: "machine", subject: "while it ran", rounds: 1, ...weather() },
  ];
  const bars: readonly JudgedBar[] = [
    ...judgeBars("at-once", atOnceBars, rows),
    ...judgeBars("pending", pendingBars, rows),
  ];
  printReport(titles, rows, bars, isJson);
}
