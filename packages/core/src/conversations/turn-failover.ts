import { type ChatModel, ColloquyError, isColloquyError } from "../contract/index.js";
import type { TriedModel } from "./turn.js";

/** How long a model of a route may make wait for its limits while another one is left. ASSUMED. */
export const patienceMs = 2_000;

/** The wish to stop waiting for one model, as there is another. */
export class Impatience extends Error {
  readonly untilMs: number;

  constructor(untilMs: number) {
    super("The next model is asked instead of waiting.");
    this.untilMs = untilMs;
  }
}

/** What is wrong with the call is wrong with it everywhere; what is wrong with one service may not be with the next. */
export function mayTryNext(error: unknown): boolean {
  return isColloquyError(error)
    ? error.code !== "SHUT_DOWN" && error.category !== "store"
    : error instanceof Impatience;
}

export function failedTry(model: ChatModel, error: unknown, durationMs: number): TriedModel {
  const common = { modelId: model.id, outcome: "failed", durationMs } as const;
  if (error instanceof Impatience)
    return { ...common, code: "RATE_LIMITED", why: "its limit would have made the answer wait" };
  if (!isColloquyError(error)) return { ...common, why: "it failed" };
  const { code, status } = error;
  return { ...common, code, why: status === undefined ? code : `${code}, status ${status}` };
}

/** One error of the whole route: the last one, with what became of the others. */
export function errorOfRoute(tried: readonly TriedModel[], last: unknown): unknown {
  if (tried.length < 2 || !isColloquyError(last)) return last;
  const list = tried.map(({ modelId, why }) => `${modelId}: ${why}`).join("; ");
  const { code, outcome, retryable, retryAfterMs, userAction, providerId, operation } = last;
  return new ColloquyError({
    code,
    outcome,
    retryable,
    message: `No model of the route answered (${list}).`,
    ...(userAction === undefined ? {} : { userAction }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(providerId === undefined ? {} : { providerId }),
    ...(operation === undefined ? {} : { operation }),
    cause: last,
  });
}
