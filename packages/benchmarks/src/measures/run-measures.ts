import { type JudgedBar, judgeBars, type Row } from "../figures/bars.js";
import { medianFigures } from "../figures/statistics.js";
import type { Size } from "../scenarios/catalogue.js";
import type { Bar, Figures } from "../scenarios/scenario.js";
import type { BenchServer } from "../server/child.js";
import { bundle } from "./bundle.js";
import { measure } from "./measure.js";

export interface MeasureOptions {
  readonly size: Size;
  readonly rounds: number;
  readonly wants: (scenario: string) => boolean;
  readonly progress: (text: string) => void;
}

export interface Measured {
  readonly rows: readonly Row[];
  readonly bars: readonly JudgedBar[];
}

const costSubjects = {
  quick: ["axios", "Colloquy"],
  full: [
    "axios",
    "Colloquy",
    "Colloquy, with a limit to count",
    "axios with redirects",
    "axios + axios-retry",
    "axios + axios-retry + Bottleneck",
    "undici",
    "@discordjs/rest",
    "got",
    "wasenderapi",
    "@slack/web-api",
    "ky",
  ],
} as const;

/** Where bare axios does 5,300 requests a second, 5,000 are asked for. */
const leastThroughput = 5_000 / 5_300;
const costBars: readonly Bar[] = [
  { figure: "cpuRatio", limit: 1.25 },
  { figure: "throughputRatio", limit: leastThroughput, isLeast: true },
];
const queuedBars: readonly Bar[] = [
  { figure: "bytesEach", limit: 400 },
  { figure: "cancelMs", limit: 1_000 },
];
const idleBars: readonly Bar[] = [
  { figure: "bytesEach", limit: 500 },
  { figure: "timers", limit: 0 },
];

/** Cost, memory and cancelling: each subject in a fresh process, one after the other, with nothing else running. */
export async function runMeasures(server: BenchServer, options: MeasureOptions): Promise<Measured> {
  const cost = options.wants("cost") ? await measureCost(server, options) : [];
  const queued = options.wants("queued") ? await measureQueued(options) : [];
  const idle = options.wants("idle") ? await measureIdle(options) : [];
  return {
    rows: [...cost, ...queued, ...idle],
    bars: [
      ...judgeBars("cost", costBars, cost),
      ...judgeBars("queued", queuedBars, queued),
      ...judgeBars("idle", idleBars, idle),
    ],
  };
}

/** Round by round, so that all subjects of a round meet the same weather; ratios are of one round. */
async function measureCost(server: BenchServer, { size, rounds, progress }: MeasureOptions): Promise<Row[]> {
  const file = await bundle(new URL("cost.ts", import.meta.url));
  const runs = new Map<string, Figures[]>();
  for (let round = 0; round < rounds; round++) {
    let bare: Figures = {};
    for (const subject of costSubjects[size]) {
      progress(`cost: ${subject}, round ${round + 1}`);
      // Bottleneck does a few hundred a second.
      const requests = subject.includes("Bottleneck") ? 1_000 : size === "quick" ? 3_000 : 10_000;
      const figures = await measure(file, [subject, server.quickUrl, String(requests)]);
      if (subject === "axios") bare = figures;
      const ratios = {
        cpuRatio: (figures.cpuUs ?? 0) / (bare.cpuUs ?? 1),
        throughputRatio: (figures.requestsPerSecond ?? 0) / (bare.requestsPerSecond ?? 1),
      };
      runs.set(subject, [...(runs.get(subject) ?? []), { ...figures, ...ratios }]);
    }
  }
  return [...runs].map(([subject, figures]) => ({ scenario: "cost", subject, rounds, ...medianFigures(figures) }));
}

async function measureQueued({ size, rounds, progress }: MeasureOptions): Promise<Row[]> {
  const file = await bundle(new URL("queued.ts", import.meta.url));
  const many = size === "quick" ? 5_000 : 100_000;
  // Bottleneck needs minutes until 100,000 are queued.
  const counts = [
    ["Colloquy", many],
    ["p-queue", size === "quick" ? 5_000 : 20_000],
    ["Bottleneck", size === "quick" ? 500 : 2_000],
  ] as const;
  return each("queued", counts, file, rounds, progress);
}

async function measureIdle({ size, rounds, progress }: MeasureOptions): Promise<Row[]> {
  const file = await bundle(new URL("idle.ts", import.meta.url));
  const counts = [
    ["Colloquy", size === "quick" ? 10_000 : 100_000],
    ["Bottleneck.Group", size === "quick" ? 500 : 2_000],
  ] as const;
  return each("idle", counts, file, rounds, progress);
}

async function each(
  scenario: string,
  counts: readonly (readonly [subject: string, count: number])[],
  file: string,
  rounds: number,
  progress: MeasureOptions["progress"],
): Promise<Row[]> {
  const runs = new Map<string, Figures[]>();
  for (let round = 0; round < rounds; round++)
    for (const [subject, count] of counts) {
      progress(`${scenario}: ${subject}, ${count}, round ${round + 1}`);
      const figures = await measure(file, [subject, String(count)], ["--expose-gc"]);
      runs.set(subject, [...(runs.get(subject) ?? []), figures]);
    }
  return [...runs].map(([subject, figures]) => ({ scenario, subject, rounds, ...medianFigures(figures) }));
}
