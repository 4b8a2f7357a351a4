import type { ChatUsage } from "@colloquy/core/contract";

const countOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;

/** What the service counted; undefined when it told nothing that is a count. */
export function usageOf(input: unknown, output: unknown, cached?: unknown): ChatUsage | undefined {
  const inputTokens = countOf(input);
  const outputTokens = countOf(output);
  const cachedTokens = countOf(cached);
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(cachedTokens === undefined ? {} : { cachedTokens }),
  };
}
