import type { Scenario } from "../http/weather.js";
import type { OrgDials } from "./dials.js";

export type OrgScenario = Scenario<OrgDials>;

/** Named weather. A scenario starts from the defaults; dials given at start-up win over it. */
export const orgScenarios: Record<string, OrgScenario> = {
  calm: { description: "A person answers on the page.", dials: {} },
  "repaired-server": {
    description: "The real server's routes, with answers published.",
    dials: { dialect: "repaired" },
  },
  "shipped-server": {
    description: "The real server as it is: nothing is ever published.",
    dials: { dialect: "as-shipped" },
  },
  "answers-at-once": {
    description: "The human answers before the question's own request has ended.",
    dials: { humanPolicy: "immediately" },
  },
  "answers-later": {
    description: "The human answers after one to three seconds.",
    dials: { humanPolicy: "later", answerJitterMs: 2_000 },
  },
  "nobody-answers": { description: "The human never answers.", dials: { humanPolicy: "never" } },
  "invalid-answers": {
    description: "The human's answer has none of the fields that were asked for.",
    dials: { humanPolicy: "invalid" },
  },
  "answers-twice": { description: "The human answers, and a second later once more.", dials: { humanPolicy: "twice" } },
  "ambiguous-send": {
    description: "The question reaches the human, but the send fails.",
    dials: { humanReply: "plain_text" },
  },
  "wrong-response-url": {
    description: "Humans are told to answer to the server that knows no such route.",
    dials: { responseUrl: "sessions" },
  },
  "publish-fails": {
    description: "Answers are stored, but publishing them fails.",
    dials: { publishFails: true },
  },
  "answer-lost": {
    description: "The next question is sent, but the answer to the send never arrives.",
    dials: { failNext: [{ match: { method: "POST", path: "/send_message" }, fault: { kind: "drop_after" } }] },
  },
  flaky: {
    description: "Some requests are dropped, lose their answer, or meet a 503.",
    dials: { droppedRate: 0.1, lostAnswerRate: 0.05, error503Rate: 0.1 },
  },
  slow: { description: "Answers take two to three seconds.", dials: { latencyMs: 2_000, latencyJitterMs: 1_000 } },
};
