import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import type { Figures } from "../scenarios/scenario.js";
import { type JudgedBar, type Row, rounded } from "./bars.js";

const page = new URL("../../../../docs/transport.md", import.meta.url);
const begin = "<!-- measured -->";
const end = "<!-- /measured -->";

/** What the table of a scenario shows, in this order, as far as anybody has it. */
const shown: Readonly<Partial<Record<keyof Figures, string>>> = {
  overMinimum: "time over minimum",
  refusals: "refusals",
  lost: "lost",
  duplicates: "duplicates",
  mistold: "mistold",
  trickleP99Ms: "trickle p99 (ms)",
  urgentP99Ms: "urgent p99 (ms)",
  requestsPerSecond: "requests/s",
  cpuUs: "CPU µs",
  cpuRatio: "CPU over axios",
  bytesEach: "bytes each",
  bytesWithSignal: "bytes each, cancellable",
  cancelMs: "cancel all (ms)",
  timers: "timers",
};

/** Renews what stands between the two marks of the page. */
export function writeFigures(rows: readonly Row[], bars: readonly JudgedBar[]): void {
  const text = readFileSync(page, "utf8");
  const [head, rest] = text.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error("docs/transport.md has lost its marks.");
  writeFileSync(page, `${head}${begin}\n\n${renderFigures(rows, bars)}\n${end}${tail}`);
}

function renderFigures(rows: readonly Row[], bars: readonly JudgedBar[]): string {
  const scenarios = [...new Set(rows.map(({ scenario }) => scenario))].filter((name) => name !== "machine");
  return [
    weatherLine(rows),
    markdownTable([
      ["bar", "measured", "asked for", "", "best peer that lost nothing"],
      ...bars.map(({ name, value, limit, met, bestPeer }) => [
        name,
        text(value),
        text(limit),
        met ? "met" : "**not met**",
        bestPeer ? `${text(bestPeer.value)} (${bestPeer.subject})` : "",
      ]),
    ]),
    ...scenarios.map((scenario) => scenarioTable(scenario, rows)),
  ].join("\n");
}

function weatherLine(rows: readonly Row[]): string {
  const machine = rows.find(({ scenario }) => scenario === "machine");
  return (
    `Node ${process.versions.node}, ${cpus().length} cores; load average ${text(machine?.loadAverage)}, ` +
    `timers late by ${text(machine?.timerDelayP99Ms)} ms (99th percentile) while it ran.\n`
  );
}

function scenarioTable(scenario: string, rows: readonly Row[]): string {
  const own = rows.filter((row) => row.scenario === scenario);
  const names = (Object.keys(shown) as (keyof Figures)[]).filter((name) =>
    own.some((row) => row[name] !== undefined && (row[name] !== 0 || name === "refusals")),
  );
  const lines = own.map((row) => [row.subject, ...names.map((name) => text(row[name]))]);
  return `### ${scenario}\n\n${markdownTable([["client", ...names.map((name) => shown[name] ?? name)], ...lines])}`;
}

function markdownTable([header = [], ...lines]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return `${[line(header), line(header.map(() => "---")), ...lines.map(line)].join("\n")}\n`;
}

function text(value: number | undefined): string {
  return value === undefined ? "" : rounded(value).toLocaleString("en-US", { maximumFractionDigits: 4 });
}
