import type { ChatAnswer, ChatRequest, InstantMs } from "../contract/index.js";
import type { TranscriptMessage } from "../store/transcripts.js";
import type { ContextWindow } from "./context-window.js";
import type { TriedModel, TurnMetrics, TurnOptions, TurnResult } from "./turn.js";
import type { TurnSetting } from "./turn-engine.js";

export function chatRequestOf({ messages }: ContextWindow, options: TurnOptions): ChatRequest {
  const { temperature, maxTokens, stop, tools, extra, stream } = options;
  return {
    messages,
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(stop ? { stop } : {}),
    ...(tools ? { tools } : {}),
    ...(extra ? { extra } : {}),
    ...(stream === undefined ? {} : { stream }),
  };
}

/** Where more than one model was tried, the transcript tells which. */
export function triedNote(
  tried: readonly TriedModel[],
): Record<string, { modelId: string; outcome: string; why: string }[]> {
  if (tried.every(({ outcome }) => outcome === "answered")) return {};
  return { tried: tried.map(({ modelId, outcome, why }) => ({ modelId, outcome, why })) };
}

/** When the turn began and ended, and its first and last piece came, if it came in pieces. */
export interface TurnTimes {
  readonly startedAtMs: InstantMs;
  readonly endedAtMs: InstantMs;
  readonly firstPieceAtMs: InstantMs | undefined;
  readonly lastPieceAtMs: InstantMs | undefined;
}

export function metricsOf(times: TurnTimes, { usage }: ChatAnswer): TurnMetrics {
  const { startedAtMs, endedAtMs, firstPieceAtMs: first, lastPieceAtMs: last = first } = times;
  const streamedMs = first === undefined || last === undefined ? 0 : last - first;
  const tokens = usage?.outputTokens;
  return {
    startedAtMs,
    endedAtMs,
    totalMs: endedAtMs - startedAtMs,
    ...(first === undefined ? {} : { timeToFirstTokenMs: first - startedAtMs }),
    ...(tokens === undefined || tokens < 2 || streamedMs <= 0
      ? {}
      : { tokensPerSecond: ((tokens - 1) * 1_000) / streamedMs }),
  };
}

/** What the caller hears of a turn that a model answered; `message` is the answer as it is stored. */
export function answeredTurn(
  requestId: string,
  message: TranscriptMessage,
  { toolCalls = [], finish, usage }: ChatAnswer,
  {
    window: { messages, ...context },
    ...told
  }: Pick<TurnResult, "modelId" | "metrics" | "routingDecision" | "checks"> & { readonly window: ContextWindow },
): TurnResult {
  return {
    ...told,
    requestId,
    conversationId: message.conversationId,
    response: message.content,
    message,
    toolCalls,
    finish,
    ...(usage ? { usage } : {}),
    context: { ...context, messageCount: messages.length },
    isRepetition: false,
  };
}

/** The same answer again, without asking a model. */
export async function repeatedTurn(answer: TranscriptMessage, setting: TurnSetting): Promise<TurnResult> {
  const { requestId, pieces, startedAtMs, runtime } = setting;
  const modelId = answer.model ?? "unknown";
  const endedAtMs = runtime.clock.now();
  const why = "this request was answered before";
  if (answer.content !== "") await pieces.push(answer.content);
  const finish = answer.metadata?.["finish"];
  return {
    requestId,
    conversationId: answer.conversationId,
    modelId,
    response: answer.content,
    message: answer,
    toolCalls: answer.toolCalls ?? [],
    finish: typeof finish === "string" ? finish : "stop",
    ...(answer.usage ? { usage: answer.usage } : {}),
    metrics: { startedAtMs, endedAtMs, totalMs: endedAtMs - startedAtMs },
    routingDecision: { selected: modelId, why, tried: [] },
    checks: {},
    isRepetition: true,
  };
}
