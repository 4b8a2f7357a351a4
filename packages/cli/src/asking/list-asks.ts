import { type AskRow, openAskStates } from "@colloquy/core";
import type { AsksListFlags } from "../commands/ask.js";
import type { Context, Report } from "../context.js";
import { inWords } from "../durations.js";
import { findSession } from "../find-session.js";
import { withColloquy } from "../open-colloquy.js";
import type { Fields, Output } from "../output/output.js";
import { table } from "../output/table.js";
import { wholeNumber } from "../whole-number.js";
import { allAsks } from "./find-ask.js";

const defaultLimit = 100;

/** `colloquy asks list`. Texts are shown with `--show-secrets` only. */
export function listAsksCommand(context: Context, { session, all, limit }: AsksListFlags): Promise<Report> {
  const { output } = context;
  const most = limit === undefined ? defaultLimit : wholeNumber("limit", limit);
  return withColloquy(context, async ({ colloquy, store }) => {
    const sessionId = session === undefined ? undefined : (await findSession(colloquy, session)).id;
    const query = { ...(sessionId === undefined ? {} : { sessionId }), ...(all ? {} : { states: openAskStates }) };
    const rows: AskRow[] = [];
    let hasMore = false;
    for await (const row of allAsks(store, query)) {
      hasMore = rows.length === most;
      if (hasMore) break;
      rows.push(row);
    }
    const nowMs = Date.now();
    if (rows.length === 0) output.line(all ? "There are no questions." : "No question is open. See all with --all.");
    else
      output.line(
        table(
          ["ID", "SESSION", "STATE", "DEADLINE", "QUESTION"],
          rows.map((row) => [
            row.id,
            row.sessionId,
            stateOf(row),
            deadlineOf(row, nowMs),
            output.text(row.question.text),
          ]),
        ),
      );
    if (hasMore) output.note(`There are more than ${most}; see them with --limit.`);
    return { fields: { asks: rows.map((row) => askJson(row, output)), hasMore } };
  });
}

const stateOf = ({ state, isDelivered }: AskRow): string =>
  state === "answered" ? (isDelivered ? "answered, given" : "answered, not given yet") : state;

function deadlineOf({ question, settledAtMs }: AskRow, nowMs: number): string {
  if (settledAtMs !== undefined) return `settled ${inWords(nowMs - settledAtMs)} ago`;
  return question.deadlineAtMs > nowMs ? `in ${inWords(question.deadlineAtMs - nowMs)}` : "over";
}

/** A question as JSON tells it. What was asked and answered is there with `--show-secrets` only. */
export function askJson(row: AskRow, output: Output): Fields {
  const { id, sessionId, state, question, acceptedAtMs, settledAtMs, isDelivered, result } = row;
  return {
    id,
    sessionId,
    state,
    acceptedAtMs,
    deadlineAtMs: question.deadlineAtMs,
    settledAtMs,
    isDelivered,
    text: output.text(question.text),
    ...(result?.answer === undefined || !output.showSecrets ? {} : { answer: result.answer }),
    ...(result?.reason === undefined ? {} : { reason: result.reason }),
    ...(result?.error === undefined ? {} : { error: result.error.code }),
  };
}
