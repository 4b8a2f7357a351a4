import { seededRandom } from "@colloquy/core";
import type { FaultPlan } from "./plan.js";

export type FaultKind = "unavailable" | "lostAnswer" | "dropped";

/** Draws a fault, or none, for each request in turn: the same seed gives the same row of faults. */
export function faultDraw(plan: FaultPlan | undefined, seed: number): () => FaultKind | undefined {
  if (!plan) return () => undefined;
  const random = seededRandom(seed);
  return () => {
    const chance = random();
    if (chance < plan.unavailable) return "unavailable";
    if (chance < plan.unavailable + plan.lostAnswer) return "lostAnswer";
    if (chance < plan.unavailable + plan.lostAnswer + plan.dropped) return "dropped";
    return undefined;
  };
}
