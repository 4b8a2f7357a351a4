import type { Clock } from "../clock.js";
import { ColloquyError, isColloquyError, type JsonValue } from "../contract/index.js";
import type { LocalService } from "../sessions/runtime.js";
import { onAbort } from "../transport/abort-listener.js";
import type { Conversations } from "./conversations.js";

type LocalCall = Parameters<LocalService>[2];
type Body = Readonly<Record<string, JsonValue | undefined>>;
type Handle = (conversations: Conversations, id: string, body: Body, call: LocalCall, clock: Clock) => Promise<unknown>;

/** The routes by method and path, for operations that name this service. */
const routes: Readonly<Record<string, Handle>> = {
  "POST /conversations": (conversations, _id, body) => conversations.create(body),
  "GET /conversations/{id}": (conversations, id) => conversations.get(id),
  "PATCH /conversations/{id}": (conversations, id, body) => conversations.update(id, body),
  "DELETE /conversations/{id}": async (conversations, id) => ({ id, isRemoved: await conversations.remove(id) }),
  "POST /conversations/{id}/turns": async (conversations, id, body, { providerId, signal, deadlineAtMs }, clock) => {
    const turn = conversations.execute(id, {
      ...(body as { readonly prompt: string }),
      providerId,
      ...(deadlineAtMs === undefined ? {} : { timeoutMs: Math.max(1, deadlineAtMs - clock.now()) }),
    });
    const stopListening = onAbort(signal, () => turn.abort());
    if (signal?.aborted) turn.abort();
    return turn.finally(stopListening);
  },
};

/** Carries out operations of `service: "conversations"`. What is not there is told as a provider would tell it. */
export function localService(conversations: Conversations, clock: Clock): LocalService {
  return async (operation, input, call) => {
    const parts = operation.encode(input, call.remoteId === undefined ? {} : { remoteId: call.remoteId });
    const handle = routes[`${operation.method} ${operation.path}`];
    if (!handle)
      throw new ColloquyError({ code: "UNSUPPORTED", message: `Core has no such service: ${operation.name}.` });
    const { id = "" } = parts.params ?? {};
    const sent = parts.body?.kind === "json" ? (parts.body.value as Body) : {};
    try {
      const body = await handle(conversations, String(id), sent, call, clock);
      return { status: 200, headers: {}, format: "json", body, text: "", receivedAtMs: clock.now() };
    } catch (error) {
      if (!isColloquyError(error) || error.code !== "SESSION_NOT_FOUND") throw error;
      throw new ColloquyError({
        code: "REMOTE_NOT_FOUND",
        message: "The store holds no such conversation.",
        providerId: call.providerId,
        operation: operation.name,
        cause: error,
      });
    }
  };
}
