import type { ChatModel } from "@colloquy/core/contract";
import type { Verdict } from "../agents/agent.js";

export interface RoutingContext {
  /** In the order in which they were given. */
  readonly models: readonly ChatModel[];
  /** By agent name: `resource_monitor`, `connectivity_agent`, and your own. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  readonly prompt: string;
}

export interface RoutingChoice {
  /** In the order in which they are asked: the next one when one fails before its first word. Empty: none is fit. */
  readonly models: readonly ChatModel[];
  readonly why: string;
}

/** Pure: which models to ask, and why. */
export type RoutingPolicy = (context: RoutingContext) => RoutingChoice;
