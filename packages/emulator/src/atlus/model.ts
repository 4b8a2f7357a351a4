import type { Turn } from "./state.js";

/** What the service answers when its language model is down. It is also how it greets, so nobody can tell. */
export const greeting = "Hello! How can I help you today?";

const nameSaid = /\bmy name is ([\p{L}\p{M}'-]+)|\bcall me ([\p{L}\p{M}'-]+)/iu;
const nameAsked = /\bwhat(?:'s| is) my name\b|\bwho am i\b/i;
const lastAsked = /\bwhat did i (?:just )?say\b/i;
const countAsked = /\bhow many (?:messages|turns)\b/i;
const factSaid = /^\s*remember(?: that)? (.+)/is;
const factsAsked = /\bwhat do you (?:remember|know)\b/i;

/**
 * A small model that really remembers: answers come from the conversation so far and from what the user asked to remember.
 * `profile` is changed when there is something new to remember.
 */
export function answerOf(message: string, turns: readonly Turn[], profile: string[]): string {
  if (nameAsked.test(message)) {
    const name = latestName(turns);
    return name === undefined ? "I don't know your name yet." : `Your name is ${name}`;
  }
  if (lastAsked.test(message)) {
    const last = turns.at(-1);
    return last === undefined ? "You have not said anything yet." : `You said: "${last.said}"`;
  }
  if (countAsked.test(message)) return `You have sent ${turns.length} messages before this one.`;
  if (factsAsked.test(message))
    return profile.length === 0
      ? "You asked me to remember nothing."
      : `You asked me to remember: ${profile.join("; ")}`;
  const fact = factSaid.exec(message)?.[1];
  if (fact !== undefined) {
    profile.push(fact.trim());
    return "I will remember that.";
  }
  const name = nameIn(message);
  if (name !== undefined) return `Nice to meet you, ${name}! How can I help you today?`;
  return turns.length === 0 ? greeting : `You said: "${message}". What would you like to know about it?`;
}

function latestName(turns: readonly Turn[]): string | undefined {
  return turns
    .toReversed()
    .map(({ said }) => nameIn(said))
    .find((name) => name !== undefined);
}

function nameIn(text: string): string | undefined {
  const match = nameSaid.exec(text);
  return match?.[1] ?? match?.[2];
}
