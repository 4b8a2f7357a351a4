import type { Scenario } from "../http/weather.js";
import type { ModelDials } from "./dials.js";

export type ModelScenario = Scenario<ModelDials>;

/** Named weather. A scenario starts from the defaults; dials given at start-up win over it. */
export const modelScenarios: Record<string, ModelScenario> = {
  calm: { description: "Everything works and the model answers at once.", dials: {} },
  "slow-tokens": {
    description: "The model thinks for half a second and says twelve tokens a second.",
    dials: { firstTokenMs: 500, tokenMs: 80 },
  },
  "person-answers": { description: "A person plays the model on the page.", dials: { answeredBy: "person" } },
  "cut-mid-stream": {
    description: "Streams are cut off after three tokens.",
    dials: { cutAfterTokens: 3 },
  },
  "cut-once": {
    description: "The next stream is cut off after three tokens; the ones after it are whole.",
    dials: { cutAfterTokens: 3, cuts: 1 },
  },
  "ends-early": {
    description: "Streams end after three tokens as if they were whole, but without their last lines.",
    dials: { cutAfterTokens: 3, cutAs: "end" },
  },
  "error-mid-stream": {
    description: "Streams tell an error after three tokens.",
    dials: { cutAfterTokens: 3, cutAs: "error" },
  },
  stalls: {
    description: "Streams stay open after three tokens and nothing more comes.",
    dials: { cutAfterTokens: 3, cutAs: "stall" },
  },
  "garbled-line": { description: "The third line of every stream is no JSON.", dials: { garbledLine: 3 } },
  "no-usage": { description: "No answer tells how many tokens were used.", dials: { usage: "left_out" } },
  throttled: {
    description: "The next prompt is refused with 429 and two seconds to wait.",
    dials: { throttledNext: 1 },
  },
  "tight-limits": {
    description: "Three prompts a minute at OpenAI and Anthropic; more meet 429.",
    dials: { requestsPerMinute: 3 },
  },
  overloaded: { description: "Every prompt is refused as overloaded.", dials: { overloadedRate: 1 } },
  "overloaded-once": { description: "The next prompt is refused as overloaded.", dials: { overloadedNext: 1 } },
  "quota-used-up": { description: "The accounts have no money left.", dials: { quotaUsedUp: true } },
  "keys-revoked": { description: "Keys are no longer accepted.", dials: { keyRevoked: true } },
  "small-context": {
    description: "OpenAI and Anthropic refuse prompts of more than 200 tokens.",
    dials: { contextTokens: 200 },
  },
  "pull-fails": { description: "Pulling a model breaks off half-way.", dials: { pullMs: 1_000, pullFails: true } },
  "ollama-down": { description: "Ollama cannot be reached.", dials: { down: ["ollama"] } },
  "cloud-down": { description: "OpenAI and Anthropic cannot be reached.", dials: { down: ["openai", "anthropic"] } },
  "cloud-busy": {
    description: "OpenAI and Anthropic are overloaded; Ollama works.",
    dials: { affected: ["openai", "anthropic"], overloadedRate: 1 },
  },
  flaky: {
    description: "Some requests are dropped, lose their answer, or meet a 503.",
    dials: { droppedRate: 0.1, lostAnswerRate: 0.05, error503Rate: 0.1 },
  },
  "html-gateway": {
    description: "Three answers of ten are a gateway's HTML page with 502.",
    dials: { html502Rate: 0.3 },
  },
};
