import { type JudgedBar, judgeBars, type Row } from "../figures/bars.js";
import { medianFigures } from "../figures/statistics.js";
import type { BenchServer } from "../server/child.js";
import type { MeetingUrls } from "../server/meetings.js";
import type { ServerReport } from "../server/plan.js";
import { runTraffic } from "./run-traffic.js";
import type { Figures, TrafficScenario } from "./scenario.js";
import { Workers } from "./workers.js";

export interface ScenarioOptions {
  readonly rounds: number;
  /** How many client processes may be busy at once. They mostly wait for limits; more would measure the machine. */
  readonly lanes: number;
  readonly progress: (text: string) => void;
  /** Where the processes of shared scenarios meet. */
  readonly meetings?: MeetingUrls;
  readonly onReport?: (scenario: TrafficScenario, subject: string, report: ServerReport) => void;
}

interface Job {
  readonly scenario: TrafficScenario;
  readonly subject: string;
  readonly round: number;
}

/** Every subject of every scenario, round by round; rows are medians of the rounds. */
export async function runScenarios(
  server: BenchServer,
  scenarios: readonly TrafficScenario[],
  options: ScenarioOptions,
): Promise<{ readonly rows: readonly Row[]; readonly bars: readonly JudgedBar[] }> {
  const workers = new Workers();
  const rounds = new Map<string, Figures[]>();
  const jobs = scenarios.flatMap((scenario) =>
    Array.from({ length: options.rounds }, (_, round) =>
      scenario.subjects.map((subject): Job => ({ scenario, subject, round })),
    ).flat(),
  );
  await inLanes(jobs, options.lanes, async ({ scenario, subject, round }) => {
    options.progress(`${scenario.name}: ${subject}, round ${round + 1}`);
    const { figures, report } = await runTraffic(server, workers, scenario, subject, 1 + round, options.meetings);
    options.onReport?.(scenario, subject, report);
    const key = `${scenario.name}\n${subject}`;
    rounds.set(key, [...(rounds.get(key) ?? []), figures]);
  });
  workers.close();
  const rows = scenarios.flatMap(({ name, subjects }) =>
    subjects.map((subject) => {
      const figures = rounds.get(`${name}\n${subject}`) ?? [];
      return { scenario: name, subject, rounds: figures.length, ...medianFigures(figures) };
    }),
  );
  return { rows, bars: scenarios.flatMap(({ name, bars }) => judgeBars(name, bars, rows)) };
}

/** A job of several processes takes as many lanes, at most all of them. */
async function inLanes(jobs: readonly Job[], lanes: number, run: (job: Job) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  const open = { count: lanes };
  for (const job of jobs) {
    const weight = Math.min(lanes, job.scenario.processCount);
    while (open.count < weight) await Promise.race(running);
    open.count -= weight;
    const done = run(job).finally(() => {
      open.count += weight;
      running.delete(done);
    });
    running.add(done);
  }
  await Promise.all(running);
}
