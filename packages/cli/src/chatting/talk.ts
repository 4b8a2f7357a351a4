import type { AnyProvider, Colloquy, Conversation } from "@colloquy/core";
import type { ChatModel } from "@colloquy/core/contract";
import type { Context } from "../context.js";
import type { ExitCode } from "../exit-codes.js";

/** How turns are to be carried out. */
export interface TurnSettings {
  readonly temperature?: number;
  readonly maxTokens?: number;
}

/** One run of `colloquy chat`: what is talked about, and with whom. */
export interface Talk {
  readonly context: Context;
  readonly colloquy: Colloquy<readonly AnyProvider[]>;
  /** The provider reads the list at each turn. */
  readonly models: ChatModel[];
  readonly settings: TurnSettings;
  model: ChatModel;
  /** Made with the first prompt, so that looking around leaves nothing behind. */
  conversation: Conversation | undefined;
  /** Of a conversation that is made. */
  title: string | undefined;
  system: string | undefined;
  turnCount: number;
  failure: ExitCode | undefined;
}

/** The conversation, made when there is none yet. */
export async function conversationOf(talk: Talk): Promise<Conversation> {
  const { colloquy, title, system } = talk;
  talk.conversation ??= await colloquy.conversations.create({
    titlePrefix: "Chat",
    ...(title === undefined ? {} : { title }),
    ...(system === undefined ? {} : { context: { system } }),
  });
  return talk.conversation;
}
