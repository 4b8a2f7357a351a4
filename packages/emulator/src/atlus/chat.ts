import { ConnectionLost, type Reply } from "../http/reply.js";
import type { ServiceRequest } from "../http/service.js";
import { refuse, success } from "./envelope.js";
import { answerOf, greeting } from "./model.js";
import { restart } from "./restart.js";
import { type AtlusState, type Chat, nowUs, type PendingChat } from "./state.js";
import { readFields, validateFields } from "./validation.js";

/** `POST /chat`. It may take minutes; a client that goes away in between does not stop it. */
export async function chat(state: AtlusState, request: ServiceRequest, requestId: string): Promise<Reply> {
  const fields = readFields(state, request, requestId);
  validateFields(state, fields, requestId, true);
  const sessionId = fields["session_id"] as string | null | undefined;
  if (sessionId) {
    // Not loaded from the file here, though every other route does.
    const session = state.registry.get(sessionId);
    if (!session?.isActive) refuse(state, requestId, "INVALID_SESSION", `Invalid or inactive session: ${sessionId}`);
    session.lastActivity = nowUs(state);
  }
  const taken: Chat = {
    requestId,
    // A temporary session is its request's id, whoever sent it: another one's session id opens that conversation.
    memoryKey: sessionId || requestId,
    userId: (fields["user_id"] as string | null | undefined) ?? "default_user",
    message: fields["message"] as string,
    startedAtMs: request.receivedAtMs,
    answer: null,
    answeredAtMs: null,
  };
  state.chats.push(taken);
  const processBefore = state.restarts;
  const answer = await think(state, taken);
  if (state.restarts !== processBefore) throw new ConnectionLost();
  const turns = memoryOf(state, taken.memoryKey);
  turns.push({ said: taken.message, answer });
  taken.answer = answer;
  taken.answeredAtMs = state.clock.now();
  const seconds = Math.round((taken.answeredAtMs - taken.startedAtMs) / 10) / 100;
  const reply = success(state, {
    response: answer,
    session_id: taken.memoryKey,
    execution_time: seconds,
    request_id: requestId,
  });
  countAnswer(state);
  return reply;
}

/** A person's answer to a chat that waits. Throws when none does. */
export function answerPending(state: AtlusState, requestId: string, text: string): void {
  const found = [...state.pending].find((one) => one.chat.requestId === requestId);
  if (found === undefined) throw new Error(`No chat ${requestId} waits for an answer.`);
  state.pending.delete(found);
  found.resolve(text);
}

async function think(state: AtlusState, taken: Chat): Promise<string> {
  const { answeredBy, chatMs, chatJitterMs, modelOutage } = state.weather.dials;
  if (modelOutage) return greeting;
  if (answeredBy === "person")
    return new Promise((resolve, reject) => {
      const pending: PendingChat = { chat: taken, resolve, lose: reject };
      state.pending.add(pending);
    });
  await state.timers.wait(chatMs + state.random.next() * chatJitterMs);
  return answerOf(taken.message, memoryOf(state, taken.memoryKey), profileOf(state, taken.userId));
}

function memoryOf({ memories }: AtlusState, key: string): NonNullable<ReturnType<AtlusState["memories"]["get"]>> {
  const known = memories.get(key) ?? [];
  memories.set(key, known);
  return known;
}

function profileOf({ profiles }: AtlusState, userId: string): string[] {
  const known = profiles.get(userId) ?? [];
  profiles.set(userId, known);
  return known;
}

/** The answer is on its way when the restart comes. */
function countAnswer(state: AtlusState): void {
  const { dials } = state.weather;
  if (dials.restartAfterChats === null) return;
  dials.restartAfterChats = dials.restartAfterChats <= 1 ? null : dials.restartAfterChats - 1;
  if (dials.restartAfterChats === null) restart(state);
}
