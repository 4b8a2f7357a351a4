import { oblix } from "@colloquy/oblix";
import type { ChatFlags } from "../commands/chat.js";
import type { Context, Report } from "../context.js";
import { conversationJson } from "../conversations/conversation-json.js";
import { findConversation } from "../conversations/find-conversation.js";
import { exitCodes } from "../exit-codes.js";
import { type Opened, withColloquy } from "../open-colloquy.js";
import { usageError } from "../usage-error.js";
import { wholeNumber } from "../whole-number.js";
import { linesOf } from "./lines.js";
import { firstModel } from "./models.js";
import { runCommandLine } from "./slash-commands.js";
import type { Talk, TurnSettings } from "./talk.js";
import { takeTurn } from "./turn.js";

/** `colloquy chat`. A person at a terminal, or a prompt a line from a pipe. */
export async function chatCommand(context: Context, reference: string | undefined, flags: ChatFlags): Promise<Report> {
  const settings = settingsOf(flags);
  if (reference !== undefined && flags.continue)
    throw usageError("Say which conversation in one way.", "Give its name, or --continue.");
  const model = await firstModel(flags.model, context.io.environment, context.signal);
  const models = [model];
  return withColloquy(
    context,
    async (opened) => {
      const { colloquy } = opened;
      const talk: Talk = {
        context,
        colloquy,
        models,
        settings,
        model,
        conversation: await chosenConversation(opened, reference, flags),
        title: flags.title,
        system: flags.system,
        turnCount: 0,
        failure: undefined,
      };
      greet(talk);
      await converse(talk);
      const kept = talk.conversation && (await colloquy.conversations.find(talk.conversation.id));
      const fields = { turns: talk.turnCount, ...(kept ? { conversation: conversationJson(kept) } : {}) };
      // A person has seen it; a script needs to know.
      const exitCode = context.output.canAsk ? exitCodes.done : (talk.failure ?? exitCodes.done);
      return { fields, exitCode };
    },
    { more: [oblix({ models })] },
  );
}

/** Turn by turn. The first Ctrl-C stops the answer under way; the second, or one while nothing is under way, leaves. */
async function converse(talk: Talk): Promise<void> {
  const { context } = talk;
  const leaving = new AbortController();
  const left = AbortSignal.any([context.signal, leaving.signal]);
  const lines = linesOf(context, left);
  let underWay: AbortController | undefined;
  const release = context.intercept(() => {
    if (underWay && !underWay.signal.aborted) underWay.abort(stopped());
    else leaving.abort(stopped());
    return true;
  });
  try {
    for (;;) {
      const line = (await lines.next())?.trim();
      if (line === undefined || /^\/?(?:exit|quit)$/i.test(line)) return;
      if (line === "") continue;
      underWay = new AbortController();
      const signal = AbortSignal.any([left, underWay.signal]);
      if (line.startsWith("/")) await runCommandLine(talk, line, signal);
      else await takeTurn(talk, line, signal);
      underWay = undefined;
    }
  } catch (error) {
    // Leaving is no failure; everything said is kept.
    if (!leaving.signal.aborted) throw error;
    if (context.output.canAsk) context.output.line();
  } finally {
    release();
  }
}

const stopped = (): DOMException => new DOMException("Stopped.", "AbortError");

function greet({ context: { output }, model, conversation }: Talk): void {
  if (!output.canAsk) return;
  const about = conversation === undefined ? "a new conversation" : `${conversation.title} (${conversation.id})`;
  output.note(`${model.id}, ${about}. /help lists what else can be done; exit leaves.`);
}

async function chosenConversation(
  { colloquy }: Opened,
  reference: string | undefined,
  flags: ChatFlags,
): Promise<Talk["conversation"]> {
  if (reference !== undefined) return findConversation(colloquy, reference);
  if (!flags.continue) return undefined;
  return (await colloquy.conversations.page({ limit: 1 })).conversations[0];
}

function settingsOf({ temperature, maxTokens }: ChatFlags): TurnSettings {
  const warmth = temperature === undefined ? undefined : Number(temperature);
  if (warmth !== undefined && !(warmth >= 0))
    throw usageError(`--temperature is "${temperature}".`, "Give a number from 0 on.");
  return {
    ...(warmth === undefined ? {} : { temperature: warmth }),
    ...(maxTokens === undefined ? {} : { maxTokens: wholeNumber("max-tokens", maxTokens) }),
  };
}
