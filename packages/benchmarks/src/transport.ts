import { appendFileSync } from "node:fs";
import { writeFigures } from "./figures/document.js";
import { printReport } from "./figures/report.js";
import { runMeasures } from "./measures/run-measures.js";
import { watchWeather } from "./measures/weather.js";
import { type Size, trafficScenarios } from "./scenarios/catalogue.js";
import { runScenarios } from "./scenarios/run-scenarios.js";
import { startBenchServer } from "./server/child.js";
import { startMeetings } from "./server/meetings.js";
import type { MeetingKind } from "./subjects/subject.js";

export interface TransportBenchOptions {
  readonly isJson: boolean;
  readonly size: Size;
  /** Names of scenarios; empty for all. */
  readonly only: readonly string[];
  /** Names of subjects; empty for all. */
  readonly subjects: readonly string[];
  readonly rounds: number;
  readonly lanes: number;
  readonly progress: (text: string) => void;
  /** Renews the figures in docs/transport.md. */
  readonly writesDocument: boolean;
  readonly traceFile?: string;
}

const measureTitles: Readonly<Record<string, string>> = {
  cost: "one request with no limit in the way, 32 at once",
  queued: "queued sends: bytes each beside the message, cancelling all one by one",
  machine: "how busy the machine was, and how late its timers were",
  idle: "idle sessions after one send: bytes each, timers held",
};
const notMeasured = (kind: MeetingKind): string =>
  `not measured: processes that share a limit over ${kind}, as there is no ${kind}-server on the PATH or in ${kind.toUpperCase()}_SERVER_BIN`;

/** Bars are told, not asserted: it fails only when it could not measure. */
export async function runTransport(options: TransportBenchOptions): Promise<void> {
  const wants = (name: string): boolean => options.only.length === 0 || options.only.includes(name);
  const all = trafficScenarios(options.size);
  const unknown = options.only.filter((name) => !(name in measureTitles) && !all.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no scenario ${unknown.join(", ")}. There are ${all.map(({ name }) => name).join(", ")}, ${Object.keys(measureTitles).join(", ")}.`,
    );
  const wanted = all.filter(({ name }) => wants(name));
  const kinds = new Set(wanted.flatMap(({ sharedOver }) => sharedOver ?? []));
  const meetings = await startMeetings(kinds);
  const unmeasured = [...kinds].filter((kind) => meetings.urls[kind] === undefined).map(notMeasured);
  for (const text of unmeasured) options.progress(text);
  const scenarios = wanted
    .filter(({ sharedOver }) => sharedOver === undefined || meetings.urls[sharedOver] !== undefined)
    .map((scenario) => ({
      ...scenario,
      subjects: scenario.subjects.filter((name) => options.subjects.length === 0 || options.subjects.includes(name)),
    }));
  const weather = watchWeather();
  const server = await startBenchServer();
  const { traceFile } = options;
  const traffic = await runScenarios(server, scenarios, {
    ...options,
    meetings: meetings.urls,
    onReport: ({ name }, subject, report) => {
      if (traceFile) appendFileSync(traceFile, `${JSON.stringify({ scenario: name, subject, ...report })}\n`);
    },
  });
  const measured = await runMeasures(server, { ...options, wants });
  await server.close();
  await meetings.close();
  const rows = [
    ...traffic.rows,
    ...measured.rows,
    { scenario: "machine", subject: "while it ran", rounds: 1, ...weather() },
  ];
  const bars = [...traffic.bars, ...measured.bars];
  if (options.writesDocument) writeFigures(rows, bars);
  const titles = [...scenarios.map(({ name, title }) => [name, title] as const), ...Object.entries(measureTitles)];
  printReport(titles, rows, bars, options.isJson);
  if (!options.isJson) for (const text of unmeasured) process.stdout.write(`${text}\n`);
}
