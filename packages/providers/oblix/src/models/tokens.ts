import type { TokenCounter } from "@colloquy/core/contract";

/** After OpenAI's own list of which model uses which encoding, 2026-11. */
const encodings: readonly (readonly [RegExp, "o200k_base" | "cl100k_base"])[] = [
  [/^(gpt-4o|gpt-4\.1|gpt-4\.5|gpt-5|chatgpt-4o|o1|o3|o4)/, "o200k_base"],
  [/^(gpt-4|gpt-3\.5|text-embedding-)/, "cl100k_base"],
];

/** The tokenizer of an OpenAI model, or undefined where its encoding is not public or not known. */
export function tokenizerOf(modelName: string): (() => Promise<TokenCounter>) | undefined {
  const encoding = encodings.find(([names]) => names.test(modelName))?.[1];
  return encoding === undefined ? undefined : () => loaded(encoding);
}

/** Half a megabyte of tables, so it is read only when somebody counts. */
async function loaded(encoding: "o200k_base" | "cl100k_base"): Promise<TokenCounter> {
  const { countTokens } = await (encoding === "o200k_base"
    ? import("gpt-tokenizer/encoding/o200k_base")
    : import("gpt-tokenizer/encoding/cl100k_base"));
  // Text that looks like a control word is text here.
  const asText = { disallowedSpecial: new Set<string>() };
  return { isExact: true, count: (text) => countTokens(text, asText) };
}
