import { abortReason } from "../clock.js";
import {
  type ChatAnswer,
  type ChatModel,
  type ChatPiece,
  ColloquyError,
  type InstantMs,
  isColloquyError,
  type Route,
} from "../contract/index.js";
import { Exchanges } from "../sessions/exchanges.js";
import type { Runtime } from "../sessions/runtime.js";
import type { Conversation, MessageChange, TranscriptStore } from "../store/transcripts.js";
import { redactText } from "../transport/redact.js";
import type { ContextWindow } from "./context-window.js";
import { GrowingMessage } from "./growing-message.js";
import type { PieceBuffer } from "./piece-buffer.js";
import type { TokenCounters } from "./token-counters.js";
import type { TriedModel, TurnOptions, TurnResult } from "./turn.js";
import { answeredTurn, chatRequestOf, metricsOf, repeatedTurn, triedNote } from "./turn-account.js";
import { errorOfRoute, failedTry, Impatience, mayTryNext, patienceMs } from "./turn-failover.js";
import { TurnHistory } from "./turn-history.js";
import { asStored, findSlot, newPrompt, type TurnSlot } from "./turn-slot.js";

/** Where a model's context is not known. ASSUMED: what the smallest models in use take. */
const defaultBudgetTokens = 4_000;
/** The part of a model's context that history and prompt may fill; the answer needs the rest. */
const inputPart = 0.7;

/** How many tokens of a model's context history and prompt may fill, where the caller does not say. */
export function budgetOf(model: ChatModel | undefined): number {
  return model?.contextTokens === undefined ? defaultBudgetTokens : Math.floor(model.contextTokens * inputPart);
}

export interface TurnSetting {
  readonly runtime: Runtime;
  readonly store: TranscriptStore;
  readonly counters: TokenCounters;
  readonly pieces: PieceBuffer;
  readonly requestId: string;
  readonly options: TurnOptions;
  readonly signal: AbortSignal;
  readonly startedAtMs: InstantMs;
}

/** Carries out one turn: stores the prompt, asks the models of the route until one answers, stores the answer as it comes. */
export async function runTurn(conversation: Conversation, route: Route, setting: TurnSetting): Promise<TurnResult> {
  const { store, requestId, options, signal } = setting;
  const slot = await findSlot(store, conversation, requestId, options);
  if (slot.answer?.status === "complete") return repeatedTurn(slot.answer, setting);
  const run = new TurnRun(conversation, slot, route, setting);
  if (signal.aborted) throw abortReason(signal);
  return run.run();
}

class TurnRun {
  readonly #conversation: Conversation;
  readonly #slot: TurnSlot;
  readonly #route: Route;
  readonly #setting: TurnSetting;
  readonly #tried: TriedModel[] = [];
  readonly #history: TurnHistory;
  readonly #prompt: ReturnType<typeof newPrompt>;
  #asked: ChatModel | undefined;
  #firstPieceAtMs: InstantMs | undefined;
  #lastPieceAtMs: InstantMs | undefined;
  #deadlineAtMs: InstantMs | undefined;

  constructor(conversation: Conversation, slot: TurnSlot, route: Route, setting: TurnSetting) {
    const { store, options, startedAtMs } = setting;
    this.#conversation = conversation;
    this.#slot = slot;
    this.#route = route;
    this.#setting = setting;
    this.#prompt = newPrompt(slot, options, startedAtMs);
    const next = this.#prompt.map((message) => asStored(conversation, message));
    this.#history = new TurnHistory(store, conversation, next, slot.answer?.seq);
    if (options.timeoutMs !== undefined) this.#deadlineAtMs = startedAtMs + options.timeoutMs;
  }

  async run(): Promise<TurnResult> {
    const { store, runtime, startedAtMs } = this.#setting;
    for (const { id } of await this.#history.abandoned(startedAtMs))
      await store.change(this.#conversation.id, id, interrupted, { atMs: startedAtMs });
    // What no model takes is refused before anything is stored.
    const [first, window] = await this.#firstThatFits();
    const { answerId } = this.#slot;
    await this.#openAnswer(first);
    const growing = new GrowingMessage(store, runtime.clock, this.#conversation.id, answerId);
    try {
      return await this.#askAlongRoute(first, window, growing);
    } catch (error) {
      await this.#settleFailure(growing, error);
      throw error;
    }
  }

  async #askAlongRoute(first: ChatModel, window: ContextWindow, growing: GrowingMessage): Promise<TurnResult> {
    const { models } = this.#route;
    let fitting: ContextWindow | undefined = window;
    for (let place = models.indexOf(first); ; place++) {
      const model = models[place] as ChatModel;
      const isLast = place === models.length - 1;
      if (place > models.indexOf(first)) fitting = await this.#windowFor(model);
      if (!fitting) {
        if (isLast) throw errorOfRoute(this.#tried, this.#lastError);
        continue;
      }
      const askedAtMs = this.#now();
      this.#asked = model;
      try {
        const answer = await this.#ask(model, fitting, growing, isLast);
        this.#tried.push({
          modelId: model.id,
          outcome: "answered",
          why: place === 0 ? this.#route.why : "the models before it did not answer",
          durationMs: this.#now() - askedAtMs,
        });
        return await this.#finish(model, answer, fitting, growing);
      } catch (error) {
        if (this.#setting.signal.aborted) throw abortReason(this.#setting.signal);
        this.#tried.push(failedTry(model, error, this.#now() - askedAtMs));
        this.#lastError = error;
        if (this.#firstPieceAtMs !== undefined || isLast || !mayTryNext(error))
          throw this.#firstPieceAtMs === undefined ? errorOfRoute(this.#tried, error) : error;
      }
    }
  }

  #lastError: unknown;

  async #firstThatFits(): Promise<readonly [ChatModel, ContextWindow]> {
    for (const model of this.#route.models) {
      const window = await this.#windowFor(model);
      if (window) return [model, window];
    }
    throw errorOfRoute(this.#tried, this.#lastError);
  }

  /** Undefined, and noted, where the prompt does not fit. */
  async #windowFor(model: ChatModel): Promise<ContextWindow | undefined> {
    const { counters, options } = this.#setting;
    const { tokenBudget, oversize } = options;
    try {
      const budgetTokens = Math.min(tokenBudget ?? budgetOf(model), model.contextTokens ?? Number.POSITIVE_INFINITY);
      return await this.#history.windowFor({ budgetTokens, ...(oversize ? { oversize } : {}) }, () =>
        counters.of(model),
      );
    } catch (error) {
      if (!isColloquyError(error) || error.code !== "MESSAGE_TOO_LONG") throw error;
      this.#lastError = error;
      this.#tried.push({ modelId: model.id, outcome: "skipped", code: error.code, why: error.code, durationMs: 0 });
      return undefined;
    }
  }

  /** Prompt and answer are stored in one step, before any model is asked. A turn that was tried before goes on in its place. */
  async #openAnswer(model: ChatModel): Promise<void> {
    const { store, requestId, startedAtMs: atMs } = this.#setting;
    const { answerId, answer } = this.#slot;
    const { id } = this.#conversation;
    if (answer) {
      if (answer.seq !== this.#conversation.lastSeq)
        throw new ColloquyError({
          code: "STORE_CONFLICT",
          message: `The request "${requestId}" was made before, and the conversation has gone on since.`,
          retryable: false,
          userAction: "Make a new request.",
        });
      const anew = { status: "streaming", content: "", error: null, usage: null, toolCalls: null } as const;
      await store.change(id, answerId, { ...anew, model: model.id }, { atMs });
      return;
    }
    await store.append(
      id,
      [...this.#prompt, { id: answerId, role: "assistant", content: "", status: "streaming", model: model.id, atMs }],
      { atMs },
    );
  }

  async #ask(model: ChatModel, window: ContextWindow, growing: GrowingMessage, isLast: boolean): Promise<ChatAnswer> {
    const { runtime, options, signal, pieces } = this.#setting;
    const impatience = new AbortController();
    const exchanges = new Exchanges(runtime, model.account);
    try {
      const { value } = await exchanges.execute(model.chat, chatRequestOf(window, options), undefined, {
        signal: AbortSignal.any([signal, impatience.signal]),
        ...(this.#deadlineAtMs === undefined ? {} : { deadlineAtMs: this.#deadlineAtMs }),
        ...(options.priority ? { priority: options.priority } : {}),
        onPaced: (untilMs) => {
          if (!isLast && untilMs - this.#now() > patienceMs) impatience.abort(new Impatience(untilMs));
        },
        onPiece: async (piece) => {
          const { text } = piece as ChatPiece;
          if (text === "") return;
          this.#lastPieceAtMs = this.#now();
          this.#firstPieceAtMs ??= this.#lastPieceAtMs;
          await growing.add(text);
          await pieces.push(text);
        },
      });
      // An answer that came whole is one piece.
      if (this.#firstPieceAtMs === undefined && value.text !== "") {
        await growing.add(value.text);
        await pieces.push(value.text);
      }
      return value;
    } catch (error) {
      if (impatience.signal.aborted && !signal.aborted) throw abortReason(impatience.signal);
      throw error;
    }
  }

  async #finish(
    model: ChatModel,
    answer: ChatAnswer,
    window: ContextWindow,
    growing: GrowingMessage,
  ): Promise<TurnResult> {
    const { requestId, startedAtMs } = this.#setting;
    const endedAtMs = this.#now();
    const routingDecision = { selected: model.id, why: this.#tried.at(-1)?.why ?? "", tried: this.#tried };
    const message = await growing.settle({
      status: "complete",
      model: model.id,
      ...(answer.toolCalls && answer.toolCalls.length > 0 ? { toolCalls: answer.toolCalls } : {}),
      ...(answer.usage ? { usage: answer.usage } : {}),
      metadata: { finish: answer.finishWord ?? answer.finish, ...triedNote(this.#tried) },
    });
    const times = {
      startedAtMs,
      endedAtMs,
      firstPieceAtMs: this.#firstPieceAtMs,
      lastPieceAtMs: this.#lastPieceAtMs,
    };
    return answeredTurn(requestId, message, answer, {
      modelId: model.id,
      metrics: metricsOf(times, answer),
      routingDecision,
      checks: this.#route.checks ?? {},
      window,
    });
  }

  /** What came stays; why it ended stands beside it, never in it. */
  async #settleFailure(growing: GrowingMessage, error: unknown): Promise<void> {
    const { signal, runtime } = this.#setting;
    const code = signal.aborted ? "ABORTED" : isColloquyError(error) ? error.code : "FAILED";
    const message = signal.aborted
      ? "The turn was ended before the answer was whole."
      : isColloquyError(error)
        ? redactText(error.message)
        : "The answer could not be completed.";
    try {
      await growing.settle({
        status: signal.aborted ? "aborted" : "failed",
        error: { code, message },
        ...(this.#asked ? { model: this.#asked.id } : {}),
        metadata: triedNote(this.#tried),
      });
    } catch (cause) {
      // The caller hears why the turn failed; that this could not be noted either is for whoever runs the store.
      runtime.logger.log("warn", "conversation.unsettled", {
        conversationId: this.#conversation.id,
        code: isColloquyError(cause) ? cause.code : "FAILED",
      });
    }
  }

  #now(): InstantMs {
    return this.#setting.runtime.clock.now();
  }
}

const interrupted: MessageChange = {
  status: "aborted",
  error: { code: "INTERRUPTED", message: "The process that wrote this answer ended before it was whole." },
};
