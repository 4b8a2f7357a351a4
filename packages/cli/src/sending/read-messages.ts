import type { OutboundMessage } from "@colloquy/core";
import { z } from "zod";
import type { Io } from "../output/io.js";
import { readInput } from "../read-input.js";
import { usageError } from "../usage-error.js";

const text = z.string().min(1);
const messageShape = z.strictObject({
  id: text.optional(),
  to: text,
  text: text.optional(),
  media: z
    .strictObject({
      kind: z.enum(["image", "video", "audio", "document", "sticker"]),
      url: text,
      fileName: text.optional(),
    })
    .optional(),
  contact: z.strictObject({ name: text, phone: text }).optional(),
  location: z
    .strictObject({ latitude: z.number(), longitude: z.number(), name: text.optional(), address: text.optional() })
    .optional(),
  poll: z.strictObject({ question: text, options: z.array(text), multiSelect: z.boolean().optional() }).optional(),
  replyTo: text.optional(),
  mentions: z.array(text).optional(),
  viewOnce: z.boolean().optional(),
  priority: z.enum(["urgent", "normal", "bulk"]).optional(),
});

/** Reads one message a line. All lines are checked before any is used; errors name line and field, never the content. */
export async function readMessages(path: string, io: Io): Promise<readonly OutboundMessage[]> {
  const lines = (await readInput(path, io)).split("\n");
  const messages = lines.flatMap((line, index) => (line.trim() === "" ? [] : [parseLine(line, index + 1)]));
  if (messages.length === 0)
    throw usageError("The file holds no message.", 'Write one JSON object a line: {"to": "+…", "text": "…"}');
  return messages;
}

function parseLine(line: string, lineNumber: number): OutboundMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw usageError(`Line ${lineNumber} is no JSON.`, "Write one whole JSON object a line.");
  }
  const result = messageShape.safeParse(value);
  // What was left out must be absent, as the shape's `undefined` would not pass the type of a message.
  if (result.success) return result.data as OutboundMessage;
  const places = result.error.issues.map((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.join(", ") : issue.path.join(".") || "the line itself",
  );
  throw usageError(
    `Line ${lineNumber} is no message: missing, wrong or unknown: ${[...new Set(places)].join(", ")}.`,
    "Correct the line.",
  );
}
