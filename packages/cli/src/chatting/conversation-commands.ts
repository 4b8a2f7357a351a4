import type { Conversation } from "@colloquy/core";
import { exportConversation } from "@colloquy/oblix";
import { conversationTable, hitLine, messageLine } from "../conversations/conversation-json.js";
import { findConversation } from "../conversations/find-conversation.js";
import { printable } from "../output/printable.js";
import { usageError } from "../usage-error.js";
import { wholeNumber } from "../whole-number.js";
import type { Talk } from "./talk.js";

const listedCount = 10;
/** So that somebody who comes back knows where they were. */
const recalledCount = 4;

export async function listTalks({ context: { output }, colloquy }: Talk, rest: string): Promise<void> {
  const limit = rest === "" ? listedCount : wholeNumber("list", rest);
  const { conversations } = await colloquy.conversations.page({ limit });
  output.line(conversations.length === 0 ? "No conversations yet." : conversationTable(conversations, Date.now()));
}

export async function loadTalk(talk: Talk, rest: string): Promise<void> {
  if (rest === "") throw usageError("/load needs a conversation.", "Give its id or title; /list shows them.");
  const { output } = talk.context;
  const found = await findConversation(talk.colloquy, rest);
  talk.conversation = found;
  output.line(`Loaded ${nameOf(found)}, ${found.messageCount} messages.`);
  const { messages } = await talk.colloquy.conversations.messages(found.id, { from: "newest", limit: recalledCount });
  for (const message of messages) output.line(messageLine(message));
}

export async function newTalk(talk: Talk, rest: string): Promise<void> {
  talk.conversation = undefined;
  talk.title = rest === "" ? undefined : rest;
  talk.context.output.line("The next prompt begins a new conversation.");
}

export async function forkTalk(talk: Talk, rest: string): Promise<void> {
  const source = current(talk);
  const { lastSeq } = await talk.colloquy.conversations.get(source.id);
  const seq = rest === "" ? lastSeq : wholeNumber("fork", rest);
  const fork = await talk.colloquy.conversations.fork(source.id, seq, { title: `Fork of ${source.title}` });
  talk.conversation = fork;
  talk.context.output.line(`Went on in ${nameOf(fork)}, ${fork.messageCount} messages.`);
}

export async function renameTalk(talk: Talk, rest: string): Promise<void> {
  if (rest === "") throw usageError("/title needs a title.", "Give it after the command.");
  if (talk.conversation === undefined) talk.title = rest;
  else talk.conversation = await talk.colloquy.conversations.update(talk.conversation.id, { title: rest });
  talk.context.output.line(`The conversation is called ${printable(rest)}.`);
}

export async function searchTalks({ context: { output }, colloquy }: Talk, rest: string): Promise<void> {
  if (rest === "") throw usageError("/search needs words.", "Give them after the command.");
  const hits = await colloquy.conversations.search({ text: rest, limit: listedCount });
  if (hits.length === 0) output.line("Nothing was found.");
  for (const hit of hits) output.line(hitLine(hit));
}

export async function exportTalk(talk: Talk, rest: string): Promise<void> {
  if (rest === "") throw usageError("/export needs a file.", "Give its path, such as chat.jsonl.");
  const { conversations } = talk.colloquy;
  const { messageCount } = await conversations.get(current(talk).id);
  await exportConversation(conversations, current(talk).id, rest);
  talk.context.output.line(`Wrote ${messageCount} messages to ${rest}.`);
}

function current({ conversation }: Talk): Conversation {
  if (conversation) return conversation;
  throw usageError("There is no conversation yet.", "Say something first, or /load one.");
}

const nameOf = ({ title, id }: Conversation): string => `${printable(title)} (${id})`;
