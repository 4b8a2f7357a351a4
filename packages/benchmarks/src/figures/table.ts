import { type JudgedBar, type Row, rounded } from "./bars.js";

/** Columns under one another; numbers to the right. */
function columns(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]?.map((_, place) => Math.max(...lines.map((line) => line[place]?.length ?? 0))) ?? [];
  const isNumber = (text: string): boolean => /^-?\d/.test(text);
  return lines
    .map((line) =>
      line
        .map((cell, place) => (isNumber(cell) ? cell.padStart(widths[place] ?? 0) : cell.padEnd(widths[place] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const figure = (value: number | undefined): string => (value === undefined ? "" : String(rounded(value)));

/** All rows of one scenario, with the figures that any of them has. */
export function rowsTable(title: string, rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (name) => name !== "scenario" && name !== "subject" && name !== "rounds",
  );
  const cell = (row: Row, name: string): string => figure(row[name as "refusals"]);
  const lines = rows.map((row) => [row.subject, ...names.map((name) => cell(row, name))]);
  return `${title}\n${columns([["subject", ...names], ...lines])}\n`;
}

export function barsTable(bars: readonly JudgedBar[]): string {
  const lines = bars.map(({ name, value, limit, met, bestPeer }) => [
    name,
    figure(value),
    figure(limit),
    met ? "met" : "NOT MET",
    bestPeer ? `${figure(bestPeer.value)} ${bestPeer.subject}` : "",
  ]);
  return `${columns([["bar", "measured", "limit", "", "best peer"], ...lines])}\n`;
}
