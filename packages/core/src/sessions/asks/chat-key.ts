import type { InboundMessage, SessionId } from "../../contract/index.js";
import type { AskRow } from "../../store/asks.js";

/** One spelling of a chat: people are named by a number, or by an id that begins with it. */
function chatOf(id: string): string {
  const [name = "", host] = id.trim().toLowerCase().split("@", 2);
  const digits = name.replace(/[\s().-]/g, "").replace(/^\+/, "");
  const isNumber = /^\d{7,15}$/.test(digits);
  // Ids of groups and hidden ids are digits too, and no numbers.
  return isNumber && host !== "g.us" && host !== "lid" ? digits : id.trim().toLowerCase();
}

/** The name under which answers from a chat find their question. */
export function chatKey(sessionId: SessionId, to: string): string {
  return `chat ${sessionId} ${chatOf(to)}`;
}

/** The names under which a message may find its question: of its chat, and where that is one person, of that person. */
export function chatKeysOf(sessionId: SessionId, { chatId, from }: InboundMessage): readonly string[] {
  const chat = chatOf(chatId);
  const person = [from.id, from.lid, from.phone].flatMap((id) => (id === undefined ? [] : chatOf(id)));
  const names = person.includes(chat) ? [chat, ...person] : [chat];
  return [...new Set(names)].map((name) => `chat ${sessionId} ${name}`);
}

/** The name under which what the provider calls a question finds it. */
export function providerKey(sessionId: SessionId, providerAskId: string): string {
  return `provider ${sessionId} ${providerAskId}`;
}

/** The name under which an event that answered is known again. */
export function eventKey(sessionId: SessionId, occurrenceId: string): string {
  return `event ${sessionId} ${occurrenceId}`;
}

/** What stays of a question's names when it is settled: its chat is free for the next one. */
export function keysAfter(keys: readonly string[], ...added: readonly string[]): readonly string[] {
  return [...keys.filter((key) => !key.startsWith("chat ")), ...added];
}

/** The names that a second place to ask adds. */
export function escalationKeys({ route, escalate }: Pick<AskRow, "route" | "escalate">): readonly string[] {
  const sessionId = escalate?.sessionId ?? route?.sessionId;
  return escalate && sessionId !== undefined ? [chatKey(sessionId, escalate.to)] : [];
}
