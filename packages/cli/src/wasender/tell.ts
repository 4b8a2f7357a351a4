import type { Report } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import type { Fields, Output } from "../output/output.js";
import { table } from "../output/table.js";
import type { Answer, Row } from "./answer.js";

/** Prints an answer. With `--json` and `--events` a list is one object a line as it comes, and the result is the last one. */
export async function tell(output: Output, answer: Answer): Promise<Report> {
  if ("rows" in answer) return tellRows(output, answer);
  for (const line of answer.lines) output.line(line);
  for (const note of answer.notes ?? []) output.note(note);
  return { fields: answer.fields };
}

async function tellRows(output: Output, answer: Extract<Answer, { readonly rows: unknown }>): Promise<Report> {
  const { headings, none, isLive = false, exitCode } = answer;
  const kept: (readonly string[])[] = [];
  let count = 0;
  for await (const { cells, fields } of answer.rows as AsyncIterable<Row>) {
    count += 1;
    item(output, fields);
    if (isLive) output.line(cells.join("  "));
    else if (output.mode === "human") kept.push(cells);
  }
  if (count === 0) output.line(none);
  else if (!isLive) output.line(table(headings, kept));
  return { fields: { count }, exitCode: exitCode?.() ?? exitCodes.done };
}

function item(output: Output, fields: Fields): void {
  if (output.mode === "json") output.json(fields);
  else output.event("item", fields);
}
