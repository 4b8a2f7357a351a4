import { fieldsOf } from "./compare.js";
import { rules } from "./explain.js";
import type { Compared } from "./run.js";

const widest = 64;

/** Both requests beside each other, part by part; a mark names the reason of each difference. */
export function renderCall({ route, what, theirs, ours, differences }: Compared): string {
  const [left, right] = [fieldsOf(theirs), fieldsOf(ours)];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const rows = names.map((name) => {
    const found = differences.find(({ field }) => field === name || (field === "path" && name === "request"));
    const mark = found === undefined ? "" : `[${found.rule ?? "NOT EXPLAINED"}]`;
    const isSame = theirs !== undefined && found === undefined;
    return [name, theirs === undefined ? "-" : shown(left[name]), isSame ? "same" : shown(right[name]), mark];
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`);
  return [what === undefined ? route : `${route}: ${what}`, ...lines.map((line) => line.trimEnd())].join("\n");
}

/** The reasons that were met, with how often. */
export function renderReasons(all: readonly Compared[]): string {
  const met = all.flatMap(({ differences }) => differences.map(({ rule }) => rule));
  return rules
    .map(({ id, why }) => [id, why, met.filter((rule) => rule === id).length] as const)
    .filter(([, , count]) => count > 0)
    .map(([id, why, count]) => `[${id}] ${count}x: ${why}`)
    .join("\n");
}

function shown(value: unknown): string {
  if (value === undefined) return "(none)";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}
