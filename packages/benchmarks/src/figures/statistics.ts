import type { Figures } from "../scenarios/scenario.js";

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("There is no median of nothing.");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** The smallest value that at least this part of all values do not exceed (nearest rank). */
export function percentile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError("There is no percentile of nothing.");
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] as number;
}

/** Each figure's median over the rounds that have it. */
export function medianFigures(rounds: readonly Figures[]): Figures {
  const names = new Set(rounds.flatMap((round) => Object.keys(round) as (keyof Figures)[]));
  const medians: Partial<Record<keyof Figures, number>> = {};
  for (const name of names)
    medians[name] = median(rounds.map((round) => round[name]).filter((value) => value !== undefined));
  return medians;
}
