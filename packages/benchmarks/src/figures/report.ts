import { type BarResult, type JudgedBar, type Row, rounded } from "./bars.js";
import { barsTable, rowsTable } from "./table.js";

/** One object for programs, or tables under their titles for people. */
export function printReport(
  titles: readonly (readonly [scenario: string, title: string])[],
  rows: readonly Row[],
  bars: readonly JudgedBar[],
  isJson: boolean,
): void {
  if (isJson) {
    process.stdout.write(`${JSON.stringify(asJson(rows, bars))}\n`);
    return;
  }
  for (const [name, title] of titles) {
    const own = rows.filter(({ scenario }) => scenario === name);
    if (own.length > 0) process.stdout.write(`${rowsTable(`${name}: ${title}`, own)}\n`);
  }
  process.stdout.write(`${barsTable(bars)}\n`);
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
