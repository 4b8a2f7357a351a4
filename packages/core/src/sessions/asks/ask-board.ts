import type { AskProgress, JsonValue } from "../../contract/index.js";
import { type AskPatch, type AskRow, type AskState, openAskStates } from "../../store/asks.js";
import type { Runtime } from "../runtime.js";
import { outboxError } from "../sent-message.js";
import type { SessionEvent } from "../session-event.js";
import { fitAnswer } from "./answer-schema.js";
import type { AnswerSchema } from "./ask.js";
import { keysAfter } from "./chat-key.js";

/** What an answer is held against. */
export interface AnswerRules {
  readonly schema: AnswerSchema | undefined;
  /** No other answer can come. */
  readonly isFinal: boolean;
}

/** Moves questions in the store, first come first served, and tells what became of them. */
export class AskBoard {
  readonly #runtime: Runtime;
  readonly #publish: (event: SessionEvent) => void;

  constructor(runtime: Runtime, publish: (event: SessionEvent) => void) {
    this.#runtime = runtime;
    this.#publish = publish;
  }

  get(id: string): Promise<AskRow | undefined> {
    return this.#runtime.store.asks.get(id);
  }

  async move(row: AskRow, from: readonly AskState[], patch: AskPatch, revision?: number): Promise<AskRow | undefined> {
    const moved = await this.#runtime.store.asks.move(row.id, from, patch, revision);
    if (moved && patch.state !== undefined && patch.state !== row.state) this.#tell(moved);
    return moved;
  }

  /** Settles it unless it is settled; undefined when it was. */
  settle(
    row: AskRow,
    state: AskState,
    result: Omit<NonNullable<AskRow["result"]>, "atMs">,
    eventKeys: readonly string[] = [],
  ): Promise<AskRow | undefined> {
    const nowMs = this.#runtime.clock.now();
    return this.move(row, openAskStates, {
      state,
      result: { atMs: nowMs, ...result },
      settledAtMs: nowMs,
      keys: keysAfter(row.keys, ...eventKeys),
    });
  }

  fail(row: AskRow, error: unknown): Promise<AskRow | undefined> {
    return this.settle(row, "failed", { error: outboxError(error) });
  }

  /** Applies what was said of the question; undefined when that changed nothing. */
  async apply(
    row: AskRow,
    progress: AskProgress,
    rules: AnswerRules,
    eventKeys: readonly string[] = [],
  ): Promise<AskRow | undefined> {
    switch (progress.state) {
      case "pending":
        return undefined;
      case "answered":
        return this.#answer(row, progress.answer, progress.answeredBy, rules, eventKeys);
      case "expired":
        return this.settle(row, "expired", {}, eventKeys);
      default: {
        const { state, reason } = progress;
        return this.settle(row, state, reason === undefined ? {} : { reason }, eventKeys);
      }
    }
  }

  /** Whether an answer may count; one that may not is told. */
  async fits(row: AskRow, answer: JsonValue, { schema }: AnswerRules): Promise<boolean> {
    const fit = await fitAnswer(schema, answer);
    if ("problems" in fit) this.ignored(row, answer, fit.problems);
    return !("problems" in fit);
  }

  /** An answer that came when the question was settled already. */
  ignored(row: AskRow, answer: JsonValue | undefined, problems?: readonly string[]): void {
    const why = problems ? "invalid" : row.state === "answered" && answer !== undefined ? "duplicate" : "late";
    const { clock, logger } = this.#runtime;
    logger.log("warn", "ask.ignored", { sessionId: row.sessionId, askId: row.id, why });
    this.#publish({
      type: "ask.ignored",
      sessionId: row.sessionId,
      atMs: clock.now(),
      askId: row.id,
      why,
      ...(problems ? { problems } : {}),
    });
  }

  async #answer(
    row: AskRow,
    answer: JsonValue,
    answeredBy: string | undefined,
    { schema, isFinal }: AnswerRules,
    eventKeys: readonly string[],
  ): Promise<AskRow | undefined> {
    const fit = await fitAnswer(schema, answer);
    const said = { answer, ...(answeredBy === undefined ? {} : { answeredBy }) };
    if (!("problems" in fit)) return this.settle(row, "answered", said, eventKeys);
    this.ignored(row, answer, fit.problems);
    return isFinal ? this.settle(row, "failed", { ...said, reason: misfit(fit.problems) }, eventKeys) : undefined;
  }

  /** What is stored as answered turns out not to fit, now that somebody knows the schema. */
  async reopen(
    row: AskRow,
    problems: readonly string[],
    isFinal: boolean,
    keys: readonly string[],
  ): Promise<AskRow | undefined> {
    this.ignored(row, row.result?.answer, problems);
    return isFinal
      ? this.move(row, ["answered"], {
          state: "failed",
          result: { ...(row.result ?? { atMs: this.#runtime.clock.now() }), reason: misfit(problems) },
        })
      : this.move(row, ["answered"], { state: "pending", result: null, keys: [...new Set([...row.keys, ...keys])] });
  }

  #tell(row: AskRow): void {
    const { clock, telemetry } = this.#runtime;
    const reason = row.result?.reason ?? row.result?.error?.code;
    telemetry.count("colloquy.asks", { state: row.state });
    this.#publish({
      type: "ask",
      sessionId: row.sessionId,
      atMs: clock.now(),
      askId: row.id,
      state: row.state,
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

function misfit(problems: readonly string[]): string {
  return `the answer does not fit the schema (${problems.slice(0, 3).join(" ")})`;
}
