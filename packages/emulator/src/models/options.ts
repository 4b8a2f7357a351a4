import type { ModelDials } from "./dials.js";

export interface ModelsEmulatorOptions {
  /** Keys that the OpenAI endpoint accepts. Default: one, made from the seed. */
  openaiApiKeys?: string[];
  /** Keys that the Anthropic endpoint accepts. Default: one, made from the seed. */
  anthropicApiKeys?: string[];
  /** What Ollama has on its disk; a name without a tag means its `latest`. Default `llama3.2`. */
  ollamaModels?: string[];
  /** What Ollama can pull besides. Default `mistral` and `qwen2.5:0.5b`. */
  ollamaLibrary?: string[];
  /** Default `gpt-4o` and `gpt-4o-mini`. */
  openaiModels?: string[];
  /** Default `claude-sonnet-5-5` and `claude-haiku-5-5`. */
  anthropicModels?: string[];
  /** A named scenario: a bundle of dials. Default "calm". */
  scenario?: string;
  /** Dials that win over every scenario. */
  dials?: Partial<ModelDials>;
}
