import { isColloquyError } from "@colloquy/core/contract";
import { formatSessionsList } from "./display.js";
import type { Execution } from "./execution.js";
import type { SessionData, SessionSummary } from "./session-data.js";

/** Where a chat takes its lines from and writes to: a terminal, a socket, a test. */
export interface ChatLines {
  /** What the person types, line by line. The chat ends with it. */
  readonly input: AsyncIterable<string>;
  write(text: string): void;
}

export interface ChatSession {
  readonly sessionId: string;
  execute(prompt: string, sessionId: string): Execution;
  list(): Promise<readonly SessionSummary[]>;
  load(sessionId: string): Promise<SessionData>;
}

/** How many messages `/load` shows. */
const shownMessages = 3;

/**
 * Goes on until `exit`, or until there are no more lines. `/list` lists sessions, `/load <id>` goes on in another one. A turn that
 * fails is told, and does not end the chat. Gives the id of the session that it ended in.
 */
export async function runChat(first: string | undefined, chat: ChatSession, lines: ChatLines): Promise<string> {
  let sessionId = chat.sessionId;
  const say = async (prompt: string): Promise<void> => {
    try {
      for await (const token of chat.execute(prompt, sessionId)) lines.write(token);
      lines.write("\n");
    } catch (error) {
      if (!isColloquyError(error)) throw error;
      lines.write(`\n[${error.code}: ${error.message}]\n`);
    }
  };
  if (first !== undefined && first.trim() !== "") await say(first);
  for await (const line of lines.input) {
    const text = line.trim();
    if (text === "exit") break;
    if (text === "") continue;
    if (text === "/list") lines.write(`${formatSessionsList(await chat.list())}\n`);
    else if (text === "/load" || text.startsWith("/load ")) {
      const wanted = text.slice("/load".length).trim();
      try {
        const { title, messages } = await chat.load(wanted);
        sessionId = wanted;
        const last = messages.slice(-shownMessages).map(({ role, content }) => `${role}: ${content}\n`);
        lines.write(`${title}\n${last.join("")}`);
      } catch (error) {
        if (!isColloquyError(error)) throw error;
        lines.write(`[${error.code}: ${error.message}]\n`);
      }
    } else await say(line);
  }
  return sessionId;
}
