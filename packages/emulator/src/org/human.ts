import type { Reply } from "../http/reply.js";
import type { ServiceRequest } from "../http/service.js";
import type { HumanPolicy } from "./dials.js";
import { postJson } from "./post.js";
import { json, readUncaught } from "./replies.js";
import type { OrgState, Question } from "./state.js";

/** Longer than the channels server waits. */
const slowReplyMs = 6_000;

/** The endpoint of a channel: a question arrives, and what the human does with it follows from the channel's policy. */
export async function receiveQuestion(state: OrgState, request: ServiceRequest, channelId: string): Promise<Reply> {
  const body = readUncaught(request);
  const question: Question = {
    id: `question_${state.questions.length + 1}`,
    channelId,
    sessionId: String(body["session_id"]),
    message: String(body["message"]),
    responseUrl: String(body["response_url"]),
    askedAtMs: state.clock.now(),
    answers: [],
  };
  state.questions.push(question);
  await act(state, question, state.policies.get(channelId) ?? state.weather.dials.humanPolicy);
  return receipt(state);
}

/** Posts an answer as the human would. Resolves with the status that it met; 0 when there was no answer to it. */
export async function answerQuestion(
  state: OrgState,
  question: Question,
  data: Record<string, unknown>,
): Promise<number> {
  const entry: Question["answers"][number] = { data, atMs: state.clock.now(), status: null };
  question.answers.push(entry);
  const body = { session_id: question.sessionId, response_data: data };
  try {
    entry.status = (await postJson(question.responseUrl, body, state.outgoing.signal)).status;
  } catch {
    entry.status = 0;
  }
  return entry.status;
}

async function act(state: OrgState, question: Question, policy: HumanPolicy): Promise<void> {
  const { dials } = state.weather;
  const later = (data: Record<string, unknown>): void => {
    const waitMs = dials.answerAfterMs + state.random.next() * dials.answerJitterMs;
    state.timers.after(waitMs, () => void answerQuestion(state, question, data));
  };
  if (policy === "person" || policy === "never") return;
  // An empty answer would count as none, so it has a field that nobody asked for.
  if (policy === "invalid") return void (await answerQuestion(state, question, { unasked: true }));
  const data = state.answer?.(question) ?? structuredClone(dials.answer);
  if (policy === "later") return later(data);
  await answerQuestion(state, question, data);
  if (policy === "twice") later(data);
}

async function receipt(state: OrgState): Promise<Reply> {
  switch (state.weather.dials.humanReply) {
    case "json":
      return json(200, { received: true });
    case "accepted":
      return json(202, { received: true });
    case "empty":
      return { status: 200, headers: {}, body: undefined };
    case "plain_text":
      return { status: 200, headers: { "Content-Type": "text/plain" }, body: "ok" };
    case "no_content":
      return { status: 204, headers: {}, body: undefined };
    case "error":
      return json(503, { error: "unavailable" });
    case "slow":
      await state.timers.wait(slowReplyMs);
      return json(200, { received: true });
  }
}
