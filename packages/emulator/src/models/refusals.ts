import type { ModelApi } from "./conversation.js";
import { dialsAt, type ModelsState } from "./state.js";

/** Why the weather refuses a prompt. */
export type Refusal = "throttled" | "overloaded" | "quota";

/** The weather's word on the next prompt; uses up what the dials plan for it. */
export function refusalOf(state: ModelsState, api: ModelApi): Refusal | undefined {
  const felt = dialsAt(state, api);
  const { dials } = state.weather;
  if (felt.quotaUsedUp) return "quota";
  if (felt.throttledNext > 0) {
    dials.throttledNext -= 1;
    state.throttled += 1;
    return "throttled";
  }
  if (felt.overloadedNext > 0) {
    dials.overloadedNext -= 1;
    return "overloaded";
  }
  return felt.overloadedRate > 0 && state.random.next() < felt.overloadedRate ? "overloaded" : undefined;
}
