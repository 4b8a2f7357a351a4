import type { RoutingDecision, Turn, TurnResult } from "@colloquy/core";
import type { JsonValue } from "@colloquy/core/contract";

/** Seconds, as Oblix documents them. Measured, never made up: what is not known is absent. */
export interface ExecuteMetrics {
  readonly totalLatency: number;
  readonly timeToFirstToken?: number;
  readonly tokensPerSecond?: number;
  /** Unix seconds. */
  readonly startTime: number;
  readonly endTime: number;
  /** As the service counted. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly modelName: string;
  readonly modelType: string;
}

export interface ExecuteRouting extends RoutingDecision {
  /** The verdict of the resource monitor, where there is one. */
  readonly resourceRouting?: JsonValue;
  /** The verdict of the connectivity agent, where there is one. */
  readonly connectivityRouting?: JsonValue;
}

export interface ExecuteResult {
  readonly requestId: string;
  readonly sessionId: string;
  /** `type:name`. */
  readonly modelId: string;
  readonly response: string;
  readonly metrics: ExecuteMetrics;
  readonly agentChecks: readonly { readonly agent: string; readonly result: JsonValue }[];
  readonly routingDecision: ExecuteRouting;
  readonly toolCalls: TurnResult["toolCalls"];
  /** Why the model stopped. */
  readonly finish: string;
  /** How much of the conversation the model was given. Absent for a repetition. */
  readonly context?: TurnResult["context"];
  readonly isRepetition: boolean;
}

/**
 * A turn that is under way: await it for the result, loop over it for the tokens, or both. Leaving the loop early ends the turn;
 * what has come is kept as `aborted`.
 */
export interface Execution extends Promise<ExecuteResult>, AsyncIterable<string> {
  /** Ends the turn. */
  abort(reason?: Error): void;
}

/** The turn comes in an object: a promise of a promise would be its result. */
export function executionOf(starting: Promise<{ readonly turn: Turn }>): Execution {
  const settled = starting.then(async ({ turn }) => resultOf(await turn));
  // Whoever loops hears of a failure there, and need not await the result too.
  settled.catch(() => {});
  return Object.assign(settled, {
    abort: (reason?: Error) => {
      starting.then(
        ({ turn }) => turn.abort(reason),
        () => {},
      );
    },
    async *[Symbol.asyncIterator]() {
      yield* (await starting).turn;
    },
  });
}

function resultOf(result: TurnResult): ExecuteResult {
  const { requestId, conversationId, modelId, response, checks, toolCalls, finish, context, isRepetition } = result;
  const resources = checks["resource_monitor"];
  const network = checks["connectivity_agent"];
  return {
    requestId,
    sessionId: conversationId,
    modelId,
    response,
    metrics: metricsOf(result),
    agentChecks: Object.entries(checks).map(([agent, verdict]) => ({ agent, result: verdict })),
    routingDecision: {
      ...result.routingDecision,
      ...(resources === undefined ? {} : { resourceRouting: resources }),
      ...(network === undefined ? {} : { connectivityRouting: network }),
    },
    toolCalls,
    finish,
    ...(context ? { context } : {}),
    isRepetition,
  };
}

function metricsOf({ metrics, usage, modelId }: TurnResult): ExecuteMetrics {
  const { startedAtMs, endedAtMs, totalMs, timeToFirstTokenMs, tokensPerSecond } = metrics;
  const [modelType = "", ...name] = modelId.split(":");
  return {
    totalLatency: totalMs / 1_000,
    ...(timeToFirstTokenMs === undefined ? {} : { timeToFirstToken: timeToFirstTokenMs / 1_000 }),
    ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }),
    startTime: startedAtMs / 1_000,
    endTime: endedAtMs / 1_000,
    ...(usage?.inputTokens === undefined ? {} : { inputTokens: usage.inputTokens }),
    ...(usage?.outputTokens === undefined ? {} : { outputTokens: usage.outputTokens }),
    modelName: name.join(":"),
    modelType,
  };
}
