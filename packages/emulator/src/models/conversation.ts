export const modelApis = ["ollama", "openai", "anthropic"] as const;

/** Whose API a request came over. */
export type ModelApi = (typeof modelApis)[number];

/** One message of a prompt, as every API means it. */
export interface PromptMessage {
  role: "system" | "user" | "assistant" | "tool";
  text: string;
}

/** A prompt with what every API calls differently. */
export interface Prompt {
  readonly api: ModelApi;
  readonly model: string;
  readonly messages: readonly PromptMessage[];
  /** The longest answer, in tokens; undefined for any length. */
  readonly maxTokens: number | undefined;
  readonly stopSequences: readonly string[];
  readonly isStreamed: boolean;
}

/** What the model says to a prompt. */
export interface Answer {
  readonly tokens: readonly string[];
  readonly ending: "stop" | "length" | "stop_sequence";
  readonly stopSequence: string | null;
  readonly inputTokens: number;
}
