import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { type BarResult, rounded } from "../figures/bars.js";
import { colloquyNames, memoryNames } from "./names.js";
import { jobTitles, type StoreBar } from "./plan.js";
import type { StoreFigures } from "./subject.js";

export interface StoreRow {
  readonly job: string;
  readonly subject: string;
  /** Medians of the rounds. */
  readonly figures: StoreFigures;
}

export interface JudgedStoreBar extends StoreBar {
  readonly value: number;
  readonly met: boolean;
  readonly bestPeer?: { readonly subject: string; readonly value: number };
}

export function judge(bars: readonly StoreBar[], rows: readonly StoreRow[]): readonly JudgedStoreBar[] {
  return bars.flatMap((bar) => {
    const figureOf = (name: string): number | undefined =>
      rows.find(({ job, subject }) => job === bar.job && subject === name)?.figures[bar.figure];
    const own = figureOf(bar.subject);
    const one = bar.relativeTo === undefined ? 1 : figureOf(bar.relativeTo);
    if (own === undefined || one === undefined) return [];
    const value = own / one;
    const isBetter = (some: number, other: number): boolean => (bar.isLeast ? some >= other : some <= other);
    let bestPeer: JudgedStoreBar["bestPeer"];
    for (const { job, subject, figures } of rows) {
      const isPeer = !colloquyNames.has(subject) && memoryNames.has(subject) === memoryNames.has(bar.subject);
      const theirs = job === bar.job && isPeer && (figures["lost"] ?? 0) === 0 ? figures[bar.figure] : undefined;
      if (theirs === undefined) continue;
      if (!bestPeer || isBetter(theirs / one, bestPeer.value)) bestPeer = { subject, value: theirs / one };
    }
    return [{ ...bar, value, met: isBetter(value, bar.limit), ...(bestPeer ? { bestPeer } : {}) }];
  });
}

export function printStores(rows: readonly StoreRow[], bars: readonly JudgedStoreBar[], isJson: boolean): void {
  if (isJson) {
    const plain = rows.map(({ figures, ...row }) => ({ ...row, ...mapped(figures) }));
    const judged = bars.map(
      ({ value, limit, met, ...bar }): BarResult => ({
        name: `${bar.job}: ${figureName(bar)} (${bar.subject})`,
        value: rounded(value),
        limit,
        met,
      }),
    );
    process.stdout.write(`${JSON.stringify({ rows: plain, bars: judged })}\n`);
    return;
  }
  process.stdout.write(`${renderStores(rows, bars)}\n`);
}

function mapped(figures: StoreFigures): StoreFigures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)]));
}

const page = new URL("../../../../docs/stores.md", import.meta.url);
const begin = "<!-- measured -->";
const end = "<!-- /measured -->";

/** Renews what stands between the two marks of the page. */
export function writeStores(rows: readonly StoreRow[], bars: readonly JudgedStoreBar[]): void {
  const text = readFileSync(page, "utf8");
  const [head, rest] = text.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error("docs/stores.md has lost its marks.");
  writeFileSync(page, `${head}${begin}\n\n${renderStores(rows, bars)}\n${end}${tail}`);
}

function renderStores(rows: readonly StoreRow[], bars: readonly JudgedStoreBar[]): string {
  const load = loadavg()[0]?.toFixed(1);
  const jobs = [...new Set(rows.map(({ job }) => job))];
  return [
    `Node ${process.versions.node}, ${cpus().length} cores, load average ${load} at the end. Medians.\n`,
    table([
      ["job", "store", "figure", "measured", "asked for", "", "best peer"],
      ...bars.map(({ value, limit, isLeast, met, bestPeer, ...bar }) => [
        bar.job,
        bar.subject,
        figureName(bar),
        text(value),
        `${isLeast ? "≥" : "≤"} ${text(limit)}`,
        met ? "met" : "**not met**",
        bestPeer ? `${text(bestPeer.value)} (${bestPeer.subject})` : "",
      ]),
    ]),
    ...jobs.map((job) => jobTable(job, rows)),
  ].join("\n");
}

function figureName({ figure, relativeTo }: Pick<StoreBar, "figure" | "relativeTo">): string {
  return relativeTo === undefined ? figure : `${figure}, ${relativeTo} = 1`;
}

function jobTable(job: string, rows: readonly StoreRow[]): string {
  const own = rows.filter((row) => row.job === job);
  const names = [...new Set(own.flatMap(({ figures }) => Object.keys(figures)))];
  const lines = own.map(({ subject, figures }) => [subject, ...names.map((name) => text(figures[name]))]);
  return `### ${job}: ${jobTitles[job]}\n\n${table([["store", ...names], ...lines])}`;
}

function table([header = [], ...lines]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return `${[line(header), line(header.map(() => "---")), ...lines.map(line)].join("\n")}\n`;
}

function text(value: number | undefined): string {
  return value === undefined ? "" : rounded(value).toLocaleString("en-US", { maximumFractionDigits: 4 });
}
