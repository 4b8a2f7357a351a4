/** What kept failing: no connection could be made, or the provider answered 5xx. */
export type CircuitCause = "unreachable" | "unavailable";

/**
 * Whether a host is worth asking.
 *
 * - `closed`: yes; so many failures in a row were seen.
 * - `open`: not before `untilMs`.
 * - `half_open`: one request is under way to find out; all others wait for what it meets.
 */
export type CircuitState =
  | { readonly kind: "closed"; readonly failures: number }
  | { readonly kind: "open"; readonly openings: number; readonly cause: CircuitCause; readonly untilMs: number }
  | { readonly kind: "half_open"; readonly openings: number; readonly cause: CircuitCause };

export type CircuitEvent =
  /** A request is about to leave. */
  | { readonly type: "departing"; readonly nowMs: number }
  /** Any answer below 500, a refusal for the rate too: the host is there. */
  | { readonly type: "answered" }
  | {
      readonly type: "failed";
      readonly cause: CircuitCause;
      readonly nowMs: number;
      /** Uniform in [0, 1): for the jitter. */
      readonly chance: number;
      /** How long the provider asked to stay away, if it did. */
      readonly retryAfterMs?: number;
    }
  /** The request that was to find out ended without telling: cancelled, or its answer was lost. */
  | { readonly type: "abandoned"; readonly nowMs: number };

export interface CircuitRules {
  readonly failuresToOpen: number;
  readonly openBaseMs: number;
  readonly openCapMs: number;
}

export const closedCircuit: CircuitState = { kind: "closed", failures: 0 };

/** Pure. The next state; the same object when nothing changes. */
export function nextCircuit(state: CircuitState, event: CircuitEvent, rules: CircuitRules): CircuitState {
  switch (event.type) {
    case "answered":
      return state.kind === "closed" && state.failures === 0 ? state : closedCircuit;
    case "failed":
      return afterFailure(state, event, rules);
    case "departing":
      return state.kind === "open" && event.nowMs >= state.untilMs
        ? { kind: "half_open", openings: state.openings, cause: state.cause }
        : state;
    case "abandoned":
      // Nothing was learned, so the next one may look at once.
      return state.kind === "half_open" ? { ...state, kind: "open", untilMs: event.nowMs } : state;
  }
}

/** How long to stay away; undefined when a request may leave. While somebody looks, the shortest pause. */
export function stayAwayMs(state: CircuitState, nowMs: number, rules: CircuitRules): number | undefined {
  if (state.kind === "closed") return undefined;
  if (state.kind === "half_open") return rules.openBaseMs;
  return nowMs >= state.untilMs ? undefined : state.untilMs - nowMs;
}

function afterFailure(
  state: CircuitState,
  { cause, nowMs, chance, retryAfterMs = 0 }: Extract<CircuitEvent, { type: "failed" }>,
  rules: CircuitRules,
): CircuitState {
  // Requests that left before it opened: they tell nothing new.
  if (state.kind === "open") return state;
  if (state.kind === "closed" && state.failures + 1 < rules.failuresToOpen)
    return { kind: "closed", failures: state.failures + 1 };
  const openings = state.kind === "closed" ? 1 : state.openings + 1;
  const longestMs = Math.min(rules.openCapMs, rules.openBaseMs * 2 ** Math.min(16, openings - 1));
  // Half of it at least, and the rest by chance, so that many processes do not come back together.
  const openMs = Math.max(longestMs * (0.5 + chance / 2), Math.min(retryAfterMs, rules.openCapMs));
  return { kind: "open", openings, cause, untilMs: nowMs + Math.ceil(openMs) };
}
