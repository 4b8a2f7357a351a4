import { median } from "../figures/statistics.js";
import { buildProgram, installPeers } from "./build.js";
import { driverMegabytes } from "./install-size.js";
import { driverInstallSeconds } from "./install-time.js";
import { colloquyNames } from "./names.js";
import { bars, plan } from "./plan.js";
import { judge, printStores, type StoreRow, writeStores } from "./report.js";
import { runJob } from "./run-job.js";
import type { StoreFigures } from "./subject.js";
import type { sizesOf } from "./workload.js";

export interface StoreBenchOptions {
  readonly isJson: boolean;
  readonly size: keyof typeof sizesOf;
  /** Names of jobs; empty for all. */
  readonly only: readonly string[];
  /** Names of stores; empty for all. */
  readonly subjects: readonly string[];
  readonly rounds: number;
  readonly withPeers: boolean;
  /** Renews the figures in docs/stores.md. */
  readonly writesDocument: boolean;
  readonly progress: (text: string) => void;
}

/** Bars are told, not asserted: it fails only when it could not measure us. */
export async function runStores(options: StoreBenchOptions): Promise<void> {
  const { progress, size, rounds } = options;
  const hasPeers = options.withPeers && installPeers(progress);
  const own = await buildProgram("own");
  const peers = hasPeers ? await buildProgram("peers") : "";
  const rows: StoreRow[] = [];
  for (const [job, subjects] of Object.entries(plan)) {
    if (options.only.length > 0 && !options.only.includes(job)) continue;
    const wanted = subjects.filter(
      (name) =>
        (options.subjects.length === 0 || options.subjects.includes(name)) && (hasPeers || colloquyNames.has(name)),
    );
    const found = new Map<string, StoreFigures[]>();
    // Round by round, so that a bad minute of the machine meets everybody.
    for (let round = 0; round < rounds; round++)
      for (const subject of wanted) {
        progress(`${job}, ${subject}, round ${round + 1} of ${rounds}`);
        const isOwn = colloquyNames.has(subject);
        try {
          const figures = await runJob(job, { program: isOwn ? own : peers, subject, size });
          found.set(subject, [...(found.get(subject) ?? []), figures]);
        } catch (error) {
          if (isOwn) throw error;
          progress(`${subject} could not be measured: ${(error as Error).message.split("\n")[0]}`);
        }
      }
    for (const [subject, figures] of found) rows.push({ job, subject, figures: medians(figures) });
  }
  if (options.only.length === 0 || options.only.includes("install")) {
    progress("install, the driver of Node 20");
    const seconds = driverInstallSeconds();
    const figures = { megabytes: driverMegabytes(), ...(seconds === undefined ? {} : { seconds }) };
    rows.push(
      { job: "install", subject: "Colloquy on Node 20", figures },
      { job: "install", subject: "Colloquy on Node 22.13 and later", figures: { megabytes: 0 } },
    );
  }
  const judged = judge(bars, rows);
  if (options.writesDocument) writeStores(rows, judged);
  printStores(rows, judged, options.isJson);
}

function medians(rounds: readonly StoreFigures[]): StoreFigures {
  const names = new Set(rounds.flatMap((round) => Object.keys(round)));
  return Object.fromEntries(
    [...names].map((name) => [name, median(rounds.map((round) => round[name]).filter((value) => value !== undefined))]),
  );
}
