import type { ClosingGoal } from "../contract/index.js";

/** What the supervisor must do after a transition, in this order. Values, so a test can read them. */
export type Effect =
  /** Stop waiting for anything an older generation still does. */
  | { readonly type: "abandon"; readonly beforeGeneration: number }
  | { readonly type: "open"; readonly generation: number; readonly pairing: boolean }
  | { readonly type: "refreshChallenge"; readonly generation: number }
  | { readonly type: "suspendRemote"; readonly generation: number }
  | { readonly type: "closeRemote"; readonly generation: number; readonly goal: ClosingGoal }
  /** Best effort: the code that nobody waits for any more should link nobody. Its answer moves nothing. */
  | { readonly type: "withdrawPairing"; readonly generation: number }
  /** Only after the provider acknowledged the unlinking or the end. */
  | { readonly type: "wipeCredentials" };
