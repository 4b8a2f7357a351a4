import { randomUUID } from "node:crypto";
import { percentile } from "../figures/statistics.js";
import type { BenchServer } from "../server/child.js";
import type { MeetingUrls } from "../server/meetings.js";
import type { ServerReport } from "../server/plan.js";
import type { MeetingPlace } from "../subjects/subject.js";
import type { Figures, SendOutcome, TrafficScenario } from "./scenario.js";
import type { Workers } from "./workers.js";

export interface TrafficRun {
  readonly figures: Figures;
  readonly report: ServerReport;
}

/** One subject once through one scenario. */
export async function runTraffic(
  server: BenchServer,
  workers: Workers,
  scenario: TrafficScenario,
  subject: string,
  seed: number,
  meetings: MeetingUrls = {},
): Promise<TrafficRun> {
  const run = randomUUID();
  const { sharedOver: kind } = scenario;
  const url = kind === undefined ? undefined : meetings[kind];
  const shared: MeetingPlace | undefined =
    kind === undefined || url === undefined ? undefined : { kind, url, prefix: `bench-${run}` };
  await server.plan(run, { ...scenario.server, seed });
  const shares = Array.from({ length: scenario.processCount }, (_, share) =>
    scenario.sends.filter((_send, place) => place % scenario.processCount === share),
  );
  const results = await workers.run(
    shares.map((sends) => ({
      ...{ subject, sends, url: server.urlOf(run), known: scenario.known },
      ...(shared ? { shared } : {}),
    })),
  );
  const report = await server.report(run);
  const durationMs =
    Math.max(...results.map(({ endedAtMs }) => endedAtMs)) - Math.min(...results.map(({ startedAtMs }) => startedAtMs));
  const outcomes = results.flatMap((result) => result.outcomes);
  return { figures: figuresOf(scenario, report, outcomes, durationMs), report };
}

/** Processes that share a limit have found each other by then. */
const settlingMs = 1_000;

export function figuresOf(
  scenario: Pick<TrafficScenario, "leastMs" | "sends">,
  report: ServerReport,
  outcomes: readonly SendOutcome[],
  durationMs: number,
): Figures {
  const sendCount = scenario.sends.length;
  const accepted = new Set(report.acceptedIds);
  const firstAcceptedMs = report.acceptedAtMs[0] ?? Number.POSITIVE_INFINITY;
  const mistold = outcomes.filter(({ id, fate }) =>
    fate === "sent" ? !accepted.has(id) : fate === "failed" && accepted.has(id),
  );
  const waitsOf = (prefix: string): readonly number[] =>
    outcomes.filter(({ id }) => id.startsWith(prefix)).map(({ waitMs }) => waitMs);
  const unknown = outcomes.filter(({ fate }) => fate === "unknown").length;
  const sent = outcomes.filter(({ fate }) => fate === "sent").length;
  // Told as sent, or as unknown, or truly accepted: the rest is lost. A refusal told as final is a lost send, too.
  const lost = sendCount - sent - unknown - mistold.filter(({ fate }) => fate === "failed").length;
  return {
    ...(scenario.leastMs === undefined ? {} : { overMinimum: durationMs / scenario.leastMs }),
    refusals: report.refusedAtMs.length,
    laterRefusals: report.refusedAtMs.filter((atMs) => atMs > firstAcceptedMs).length,
    settledRefusals: report.refusedAtMs.filter((atMs) => atMs > settlingMs).length,
    refusedShare: report.refusedAtMs.length / sendCount,
    lost,
    duplicates: report.duplicateCount,
    mistold: mistold.length,
    ...p99("trickleP99Ms", waitsOf("trickle")),
    ...p99("urgentP99Ms", waitsOf("urgent")),
  };
}

function p99(figure: "trickleP99Ms" | "urgentP99Ms", waits: readonly number[]): Figures {
  return waits.length === 0 ? {} : { [figure]: percentile(waits, 0.99) };
}
