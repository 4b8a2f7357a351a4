import { call, isColloquyError, type Procedure, type SessionContext } from "@colloquy/core/contract";
import type { AtlusAnswer, ChatOperations } from "./operations/chat.js";
import { sessions } from "./operations/sessions.js";

/**
 * A question in, its answer out. A restarted service refuses chats of sessions that it has not looked up since, so such a
 * refusal is met with one look and one more try. A session that is gone ends with `REMOTE_NOT_FOUND`.
 */
export function* askAtlus(
  { send }: ChatOperations,
  question: { readonly text: string },
  { remoteId, settings }: SessionContext,
): Procedure<AtlusAnswer> {
  const userId = settings["userId"];
  const input = {
    message: question.text,
    sessionId: remoteId,
    ...(typeof userId === "string" ? { userId } : {}),
  };
  try {
    return yield* call(send, input);
  } catch (error) {
    if (!isColloquyError(error) || error.code !== "SESSION_NOT_CONNECTED") throw error;
    const { isActive } = yield* call(sessions.get, { sessionId: remoteId });
    if (isActive === false) throw error;
    return yield* call(send, input);
  }
}
