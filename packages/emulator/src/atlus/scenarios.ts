import type { Scenario } from "../http/weather.js";
import type { AtlusDials } from "./dials.js";

export type AtlusScenario = Scenario<AtlusDials>;

/** Named weather. A scenario starts from the defaults; dials given at start-up win over it. */
export const atlusScenarios: Record<string, AtlusScenario> = {
  calm: { description: "Everything works and the model answers at once.", dials: {} },
  "slow-answers": {
    description: "The model thinks for 45 to 90 seconds.",
    dials: { chatMs: 45_000, chatJitterMs: 45_000 },
  },
  "person-answers": { description: "A person plays the model on the page.", dials: { answeredBy: "person" } },
  "model-outage": {
    description: "The language model is down: every answer is the same greeting, with 200.",
    dials: { modelOutage: true },
  },
  "tight-limits": {
    description: "Five requests a minute per route; more meet a page with 500.",
    dials: { limitsPerMinute: { create: 5, get: 5, delete: 5, continue: 5, chat: 5 } },
  },
  "limits-as-meant": {
    description: "Five requests a minute per route; more meet the 429 that was meant.",
    dials: { throttledAs: "json429", limitsPerMinute: { create: 5, get: 5, delete: 5, continue: 5, chat: 5 } },
  },
  restarts: {
    description:
      "After the next answer the service restarts: known sessions are invalid until looked up, and memory is empty.",
    dials: { restartAfterChats: 1 },
  },
  "sessions-dropped": {
    description:
      "After the next answer the service restarts and finds its session file invalid: every session is gone.",
    dials: { restartAfterChats: 1, sessionFile: "invalid" },
  },
  "lost-sessions": {
    description: "Created sessions are lost right after their answer.",
    dials: { lostSessionRate: 1 },
  },
  "answer-lost": {
    description: "The next chat is answered and kept, but its answer never arrives.",
    dials: { failNext: [{ match: { method: "POST", path: "/chat" }, fault: { kind: "drop_after" } }] },
  },
  flaky: {
    description: "Some requests are dropped, lose their answer, or meet a 503.",
    dials: { droppedRate: 0.1, lostAnswerRate: 0.05, error503Rate: 0.1 },
  },
  "html-gateway": {
    description: "Three answers of ten are a gateway's HTML page with 502.",
    dials: { html502Rate: 0.3 },
  },
  "garbled-json": {
    description: "Three answers of ten are not JSON, though the request took effect.",
    dials: { garbledJsonRate: 0.3 },
  },
  "token-revoked": { description: "Tokens are no longer accepted.", dials: { tokenRevoked: true } },
};
