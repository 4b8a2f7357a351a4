import type { Conversation, TranscriptMessage } from "@colloquy/core";
import { ColloquyError } from "@colloquy/core/contract";
import { z } from "zod";
import { isRecord } from "../json.js";
import { wrongFile } from "./line-reader.js";
import type { ReadConversation } from "./read-conversation.js";
import { exportedConversation, exportedMessage } from "./shapes.js";

const formatName = "colloquy.conversation";
/** Grows when a reader of the version before would lose or misread something. */
const formatVersion = 1;

const header = z.object({ conversation: exportedConversation });
const ending = z.object({ end: z.object({ messageCount: z.int().min(0) }) });

/**
 * A conversation as JSONL: a header with format and version, a line for each message, and an end with their number, so that a file
 * that was cut off is known. Lossless but for sequence numbers and revisions, which the next store gives anew.
 */
export async function* writeJsonl(
  conversation: Conversation,
  messages: AsyncIterable<TranscriptMessage>,
): AsyncGenerator<string> {
  const { id, ownerId, title, context, metadata, lineage, createdAtMs, updatedAtMs, expiresAtMs } = conversation;
  const kept = { id, ownerId, title, context, metadata, lineage, createdAtMs, updatedAtMs, expiresAtMs };
  const secrecy = conversation.isEncrypted ? { isEncrypted: true } : {};
  yield line({ format: formatName, version: formatVersion, conversation: { ...kept, ...secrecy } });
  let messageCount = 0;
  for await (const { conversationId: _id, seq: _seq, revision: _revision, ...message } of messages) {
    messageCount++;
    yield line(message);
  }
  yield line({ end: { messageCount } });
}

/** Whether a first line begins such a file, of whatever version. */
export function isJsonlHeader(value: unknown): boolean {
  return isRecord(value) && value["format"] === formatName;
}

/**
 * Reads such a file. Throws `INPUT_INVALID` for what is no such file or is not whole, and `STORE_SCHEMA_NEWER` for one of a newer
 * version, as it would lose what it does not know.
 */
export async function readJsonl(lines: AsyncIterator<string>, first: unknown): Promise<ReadConversation> {
  const version = isRecord(first) ? first["version"] : undefined;
  if (typeof version === "number" && version > formatVersion)
    throw new ColloquyError({
      code: "STORE_SCHEMA_NEWER",
      message: `The file is of version ${version}; this package reads up to ${formatVersion}.`,
    });
  const read = header.safeParse(first);
  if (!read.success) throw wrongFile("the header is wrong", 1);
  return { conversation: read.data.conversation, messages: messagesOf(lines) };
}

async function* messagesOf(lines: AsyncIterator<string>): ReadConversation["messages"] {
  let number = 1;
  let messageCount = 0;
  for (;;) {
    const { done, value: text } = await lines.next();
    if (done) throw wrongFile("it is cut off: its last line is missing");
    number++;
    if (text.trim() === "") continue;
    const value = parsedLine(text, number);
    const end = ending.safeParse(value);
    if (end.success) {
      if (end.data.end.messageCount !== messageCount) throw wrongFile("messages are missing before the end", number);
      return;
    }
    const message = exportedMessage.safeParse(value);
    if (!message.success) throw wrongFile(`a message is wrong (${placesOf(message.error)})`, number);
    messageCount++;
    yield message.data;
  }
}

export function parsedLine(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrongFile("there is no JSON", number);
  }
}

export function placesOf(error: z.ZodError): string {
  const places = error.issues.map(({ path }) => path.join(".") || "its shape");
  return [...new Set(places)].slice(0, 3).join(", ");
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
