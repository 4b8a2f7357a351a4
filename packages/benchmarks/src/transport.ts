import { appendFileSync } from "node:fs";
import { type BarResult, type JudgedBar, type Row, rounded } from "./figures/bars.js";
import { writeFigures } from "./figures/document.js";
import { barsTable, rowsTable } from "./figures/table.js";
import { runMeasures } from "./measures/run-measures.js";
import { watchWeather } from "./measures/weather.js";
import { type Size, trafficScenarios } from "./scenarios/catalogue.js";
import { runScenarios } from "./scenarios/run-scenarios.js";
import { startBenchServer } from "./server/child.js";
import { startRedis } from "./server/redis.js";

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
const notMeasured =
  "not measured: processes that share a limit over Redis, as there is no redis-server on the PATH or in REDIS_SERVER_BIN";

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
  const redis = wanted.some(({ isShared }) => isShared) ? await startRedis() : undefined;
  const isUnmeasured = !redis && wanted.some(({ isShared }) => isShared);
  if (isUnmeasured) options.progress(notMeasured);
  const scenarios = wanted
    .filter(({ isShared }) => redis || !isShared)
    .map((scenario) => ({
      ...scenario,
      subjects: scenario.subjects.filter((name) => options.subjects.length === 0 || options.subjects.includes(name)),
    }));
  const weather = watchWeather();
  const server = await startBenchServer();
  const { traceFile } = options;
  const traffic = await runScenarios(server, scenarios, {
    ...options,
    ...(redis ? { redisUrl: redis.url } : {}),
    onReport: ({ name }, subject, report) => {
      if (traceFile) appendFileSync(traceFile, `${JSON.stringify({ scenario: name, subject, ...report })}\n`);
    },
  });
  const measured = await runMeasures(server, { ...options, wants });
  await server.close();
  await redis?.close();
  const rows = [
    ...traffic.rows,
    ...measured.rows,
    { scenario: "machine", subject: "while it ran", rounds: 1, ...weather() },
  ];
  const bars = [...traffic.bars, ...measured.bars];
  if (options.writesDocument) writeFigures(rows, bars);
  if (options.isJson) process.stdout.write(`${JSON.stringify(asJson(rows, bars))}\n`);
  else {
    for (const { name, title } of scenarios) print(name, title, rows);
    for (const [name, title] of Object.entries(measureTitles)) print(name, title, rows);
    process.stdout.write(`${barsTable(bars)}\n${isUnmeasured ? `${notMeasured}\n` : ""}`);
  }
}

function print(name: string, title: string, rows: readonly Row[]): void {
  const own = rows.filter(({ scenario }) => scenario === name);
  if (own.length > 0) process.stdout.write(`${rowsTable(`${name}: ${title}`, own)}\n`);
}

function asJson(rows: readonly Row[], bars: readonly JudgedBar[]): object {
  return {
    rows: rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === "number" ? rounded(value) : value]),
      ),
    ),
    bars: bars.map(
      ({ name, value, limit, met }): BarResult => ({ name, value: rounded(value), limit: rounded(limit), met }),
    ),
  };
}
