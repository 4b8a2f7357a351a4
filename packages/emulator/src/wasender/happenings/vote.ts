import type { Account } from "../account.js";
import { digitsOf, userJid } from "../jid.js";
import type { Session } from "../session.js";
import { emitWebhook } from "../webhooks.js";

interface Poll {
  options: { optionName: string }[];
}

/** The event tells the whole result each time, not only what changed. */
export function vote(
  account: Account,
  session: Session,
  { from, messageId, options }: Readonly<{ from: string; messageId: string; options: readonly string[] }>,
): void {
  const message = [...account.messages.values()].find(
    ({ key, sessionId }) => key.id === messageId && sessionId === session.id,
  );
  const poll = message?.content["pollCreationMessageV3"] as Poll | undefined;
  if (message === undefined || poll === undefined) throw new Error(`Session ${session.id} sent no poll ${messageId}.`);
  const names = poll.options.map(({ optionName }) => optionName);
  const unknown = options.find((option) => !names.includes(option));
  if (unknown !== undefined) throw new Error(`The poll has no option "${unknown}".`);
  message.votes.set(userJid(digitsOf(from)), options);
  const votersOf = (name: string): string[] =>
    [...message.votes].filter(([, chosen]) => chosen.includes(name)).map(([voter]) => voter);
  const pollResult = names.map((name) => ({ name, voters: votersOf(name) }));
  emitWebhook(account, session, "poll.results", { key: message.key, pollResult });
}
