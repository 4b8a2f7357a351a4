import type { TurnResult } from "@colloquy/core";
import { inWords } from "../durations.js";
import { exitCodeOf } from "../exit-codes.js";
import { errorJson, errorLines } from "../output/errors.js";
import type { Fields } from "../output/output.js";
import { printable } from "../output/printable.js";
import { secretsOf } from "../settings.js";
import { conversationOf, type Talk } from "./talk.js";

/** One prompt and its answer, told as it comes. A failure is told too, and the talk goes on. */
export async function takeTurn(talk: Talk, prompt: string, signal: AbortSignal): Promise<void> {
  const { output, io } = talk.context;
  const { id } = await conversationOf(talk);
  talk.turnCount += 1;
  const turn = talk.colloquy.conversations.execute(id, {
    prompt,
    modelId: talk.model.id,
    providerId: "oblix",
    signal,
    ...talk.settings,
  });
  let told = "";
  try {
    for await (const piece of turn) {
      told += piece;
      output.event("piece", { text: piece });
      if (output.mode === "human") io.stdout.write(printable(piece));
    }
    const result = await turn;
    if (output.mode === "human") io.stdout.write(told.endsWith("\n") ? "" : "\n");
    tellTurn(talk, { conversationId: id, ...resultJson(result) });
    if (output.isLive) output.note(summaryOf(result));
  } catch (error) {
    // What is settled by the turn itself is stored by then; it ends a line that was begun.
    await turn.catch(() => {});
    if (output.mode === "human" && told !== "") io.stdout.write("\n");
    if (signal.aborted) {
      output.note("Stopped. What had come is kept.");
      return tellTurn(talk, { conversationId: id, status: "aborted", response: told });
    }
    talk.failure ??= exitCodeOf(error);
    const secrets = secretsOf(io.environment);
    for (const line of output.mode === "human" ? errorLines(error, secrets, output.colors) : [])
      io.stderr.write(`${line}\n`);
    tellTurn(talk, { conversationId: id, status: "failed", response: told, error: errorJson(error, secrets) });
  }
}

function tellTurn({ context: { output } }: Talk, fields: Fields): void {
  output.event("turn", fields);
  if (output.mode === "json") output.json({ turn: fields });
}

function resultJson({ requestId, modelId, response, finish, usage, metrics }: TurnResult): Fields {
  return { status: "complete", requestId, modelId, response, finish, ...(usage ? { usage } : {}), metrics };
}

function summaryOf({ modelId, usage, metrics, finish }: TurnResult): string {
  const tokens = usage === undefined ? "" : `, ${usage.inputTokens ?? "?"} + ${usage.outputTokens ?? "?"} tokens`;
  const cut = finish === "length" ? ", cut at its longest" : "";
  return `${modelId}${tokens}, ${inWords(metrics.totalMs)}${cut}`;
}
