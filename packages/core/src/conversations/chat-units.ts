import type { ChatMessage } from "../contract/index.js";
import type { TranscriptMessage } from "../store/transcript-rows.js";

/** Messages that only make sense together: a message, or tool calls with all their answers. */
export type ChatUnit = readonly ChatMessage[];

/** A failed answer is no answer; what a person saw before an abort is one. */
function isTold({ status, content, role }: TranscriptMessage): boolean {
  return status === "complete" || (status === "aborted" && role === "assistant" && content !== "");
}

function chatMessageOf(message: TranscriptMessage): ChatMessage {
  const { role, content, toolCalls, toolCallId, name } = message;
  return {
    role,
    content,
    ...(toolCalls && toolCalls.length > 0 ? { toolCalls } : {}),
    ...(toolCallId === undefined ? {} : { toolCallId }),
    ...(name === undefined ? {} : { name }),
  };
}

/**
 * The history as units, oldest first, and system messages apart. A call without its answer, or an answer without its call, would
 * be refused by every model: of the first only the text stays, of the second nothing.
 */
export function unitsOf(history: readonly TranscriptMessage[]): {
  readonly system: readonly ChatMessage[];
  readonly units: readonly ChatUnit[];
} {
  const system: ChatMessage[] = [];
  const units: ChatUnit[] = [];
  let open: { readonly call: ChatMessage; readonly answers: ChatMessage[]; readonly missing: Set<string> } | undefined;
  const close = (): void => {
    if (!open) return;
    const { call, answers, missing } = open;
    open = undefined;
    if (missing.size === 0) units.push([call, ...answers]);
    else if (call.content !== "") units.push([withoutCalls(call)]);
  };
  for (const message of history.filter(isTold).map(chatMessageOf)) {
    if (message.role === "tool") {
      if (!open?.missing.delete(message.toolCallId ?? "")) continue;
      open.answers.push(message);
      continue;
    }
    close();
    if (message.role === "system") system.push(message);
    else if (message.toolCalls)
      open = { call: message, answers: [], missing: new Set(message.toolCalls.map(({ id }) => id)) };
    else units.push([message]);
  }
  close();
  return { system, units };
}

function withoutCalls({ toolCalls: _calls, ...message }: ChatMessage): ChatMessage {
  return message;
}
