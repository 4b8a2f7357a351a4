import type { SendFlags } from "../commands/send.js";
import type { Context, Report } from "../context.js";
import { parseDuration } from "../durations.js";
import { findSession } from "../find-session.js";
import { withColloquy } from "../open-colloquy.js";
import { usageError } from "../usage-error.js";
import { discard } from "./discard.js";
import { messageOf } from "./message-of.js";
import { readMessages } from "./read-messages.js";
import { resume } from "./resume.js";
import { sendMany } from "./send-many.js";
import { sendOne } from "./send-one.js";

const ways = ["to", "file", "resume", "discard"] as const;

/** `colloquy send`: one of four ways. */
export async function sendCommand(context: Context, reference: string, flags: SendFlags): Promise<Report> {
  const chosen = ways.filter((way) => flags[way] !== undefined);
  if (chosen.length !== 1)
    throw usageError("Say what to send, in one way.", "Give --to with --text, or --file, or --resume, or --discard.");
  const timeoutMs = flags.timeout === undefined ? undefined : parseDuration(flags.timeout);
  // Read before the store is opened, so a wrong file costs nothing.
  const messages = flags.file === undefined ? [] : await readMessages(flags.file, context.io);
  const single = flags.to === undefined ? undefined : messageOf(flags, flags.to);
  return withColloquy(context, async (opened) => {
    const session = await findSession(opened.colloquy, reference);
    if (flags.resume) return resume(context, opened, session, timeoutMs);
    if (flags.discard) return discard(context, opened, session);
    if (single) return sendOne(context, session, single, timeoutMs);
    return sendMany(context, opened, session, messages, timeoutMs);
  });
}
