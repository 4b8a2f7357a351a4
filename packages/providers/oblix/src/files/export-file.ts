import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, extname } from "node:path";
import type { Conversations, TranscriptMessage } from "@colloquy/core";
import { writeJsonl } from "./jsonl.js";
import { writeOblix } from "./oblix-json.js";

/** `jsonl`: versioned and lossless. `oblix`: as Oblix writes its sessions. */
export type FileFormat = "jsonl" | "oblix";

export interface ExportOptions {
  /** Default: `oblix` for a path that ends in `.json`, otherwise `jsonl`. */
  readonly format?: FileFormat;
}

/**
 * Writes a conversation to a file, making the folders above it. The file appears whole or not at all, readable by its owner only.
 * Throws `SESSION_NOT_FOUND`, or what the file system says.
 */
export async function exportConversation(
  conversations: Pick<Conversations, "get" | "read">,
  id: string,
  path: string,
  { format = extname(path).toLowerCase() === ".json" ? "oblix" : "jsonl" }: ExportOptions = {},
): Promise<void> {
  const conversation = await conversations.get(id);
  const messages = conversations.read(id);
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}.tmp`;
  const file = await open(unfinished, "wx", 0o600);
  try {
    if (format === "oblix") await file.writeFile(writeOblix(conversation, await all(messages)));
    else for await (const line of writeJsonl(conversation, messages)) await file.write(line);
    await file.sync();
    await file.close();
    await rename(unfinished, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** The same as text, piece by piece, for those who write elsewhere. */
export async function* exportedLines(
  conversations: Pick<Conversations, "get" | "read">,
  id: string,
): AsyncGenerator<string> {
  yield* writeJsonl(await conversations.get(id), conversations.read(id));
}

async function all(messages: AsyncIterable<TranscriptMessage>): Promise<readonly TranscriptMessage[]> {
  const found: TranscriptMessage[] = [];
  for await (const message of messages) found.push(message);
  return found;
}
