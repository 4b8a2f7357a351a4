import type { PromptMessage } from "./conversation.js";

const nameSaid = /\bmy name is ([\p{L}\p{M}'-]+)|\bcall me ([\p{L}\p{M}'-]+)/iu;
const factSaid = /\bremember(?: that)?:? ([^.!?\n]+)/i;
const numberSaid = /-?\d+(?:\.\d+)?/g;
const longestCount = 100_000;

interface Heard {
  /** The last thing that the user said. */
  readonly last: string;
  /** Everything that the user said before, oldest first. */
  readonly earlier: readonly string[];
  readonly system: string;
}

type Rule = readonly [asked: RegExp, say: (heard: Heard, match: RegExpExecArray) => string | undefined];

/** Asked first, first match first. */
const rules: readonly Rule[] = [
  [/\bwhat(?:'s| is) my name\b|\bwho am i\b/i, (heard) => nameKnown(heard) ?? "I don't know your name yet."],
  [/\bwhat(?:'s| is) your name\b|\bwho are you\b/i, ({ system }) => `My name is ${ownName(system)}.`],
  [
    /\bwhat did i (?:just )?say\b/i,
    ({ earlier }) => (earlier.length === 0 ? "You have not said anything yet." : `You said: "${earlier.at(-1)}"`),
  ],
  [/\bhow many (?:messages|turns)\b/i, ({ earlier }) => `You have sent ${earlier.length} messages before this one.`],
  [
    /\b(?:what|which) (?:was|were|is|are)? ?(?:the|my)? ?numbers?\b/i,
    ({ earlier }) => {
      const said = numbersIn(earlier.join(" "));
      return said.length === 0 ? "You have given me no number." : `The numbers were ${said.join(", ")}.`;
    },
  ],
  [
    /\bwhat do you (?:remember|know)\b/i,
    (heard) => {
      const facts = factsKnown(heard);
      return facts.length === 0 ? "You asked me to remember nothing." : `I remember: ${facts.join("; ")}.`;
    },
  ],
  [/\bcount to (\d+)\b/i, (_, [, to]) => countTo(Math.min(Number(to), longestCount))],
  [/\b(?:say|repeat)(?: exactly)?:? "([^"]*)"/i, (_, [, text]) => text],
  [factSaid, () => "I will remember that."],
];

/**
 * A small model that answers from nothing but the messages of the prompt, always the same to the same: it remembers exactly
 * as much as it is told again.
 */
export function replyTo(messages: readonly PromptMessage[]): string {
  const said = messages.filter(({ role }) => role === "user").map(({ text }) => text);
  const system = textOf(messages, "system");
  const tool = messages.at(-1);
  if (tool?.role === "tool") return styled(`The tool said: ${tool.text}`, system);
  return styled(plainReply({ last: said.at(-1) ?? "", earlier: said.slice(0, -1), system }), system);
}

function plainReply(heard: Heard): string {
  for (const [asked, say] of rules) {
    const match = asked.exec(heard.last);
    const reply = match === null ? undefined : say(heard, match);
    if (reply !== undefined) return reply;
  }
  const name = nameIn(heard.last);
  if (name !== undefined) return `Nice to meet you, ${name}!`;
  const numbers = numbersIn(heard.last);
  if (numbers.length > 0) return `You gave me ${numbers.join(", ")}.`;
  return `You said: "${heard.last}"`;
}

/** The user's name: the last one given, else the one that the system message tells. */
function nameKnown({ earlier, last, system }: Heard): string | undefined {
  const given = [...earlier, last].toReversed().map(nameIn).find(Boolean);
  const name = given ?? /\buser(?:'s name is| is called) ([\p{L}\p{M}'-]+)/iu.exec(system)?.[1];
  return name === undefined ? undefined : `Your name is ${name}.`;
}

const ownName = (system: string): string => /\b[Yy]our name is ([\p{L}\p{M}'-]+)/u.exec(system)?.[1] ?? "Echo";

function factsKnown({ earlier, system }: Heard): string[] {
  return [system, ...earlier].flatMap((text) => factSaid.exec(text)?.[1]?.trim() ?? []);
}

/** What the system message asks of every answer. */
function styled(reply: string, system: string): string {
  const ending = /\bend (?:every|each|your) (?:answer|reply)s? with "([^"]+)"/i.exec(system)?.[1];
  const whole = ending === undefined ? reply : `${reply} ${ending}`;
  if (/\bupper ?case\b/i.test(system)) return whole.toUpperCase();
  return /\blower ?case\b/i.test(system) ? whole.toLowerCase() : whole;
}

function textOf(messages: readonly PromptMessage[], wanted: PromptMessage["role"]): string {
  return messages
    .filter(({ role }) => role === wanted)
    .map(({ text }) => text)
    .join("\n");
}

function nameIn(text: string): string | undefined {
  const match = nameSaid.exec(text);
  return match?.[1] ?? match?.[2];
}

const numbersIn = (text: string): string[] => text.match(numberSaid) ?? [];

const countTo = (to: number): string => Array.from({ length: to }, (_, index) => index + 1).join(" ");
