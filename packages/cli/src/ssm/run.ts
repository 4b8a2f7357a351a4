import type { RunFlags } from "../commands/ssm.js";
import type { Context, Report } from "../context.js";
import { parseDuration } from "../durations.js";
import { exitCodeOf, exitCodes } from "../exit-codes.js";
import { usageError } from "../usage-error.js";
import { Banner, openWithBanner } from "./banner.js";
import { type Followed, followCommand } from "./follow-command.js";
import { sessionSource, type WantedDocument } from "./session-source.js";

/** As with ssh: every other status may be the command's own. */
const noStatus = 255;

/** `colloquy ssm run`. Ends with the status of the command on the machine. */
export async function runRemoteCommand(context: Context, words: readonly string[], flags: RunFlags): Promise<Report> {
  const { output } = context;
  try {
    const { code, stdout, stderr } = await followed(context, words, flags);
    const fields = output.mode === "json" ? { code: code ?? null, stdout, stderr } : { code: code ?? null };
    return { fields, exitCode: code ?? exitCodes.done };
  } catch (error) {
    const isCancelled = exitCodeOf(error) === exitCodes.cancelled;
    const exitCode = isCancelled ? exitCodes.cancelled : noStatus;
    output.fail(error, exitCode);
    return { fields: {}, exitCode, isPrinted: true };
  }
}

async function followed(context: Context, words: readonly string[], flags: RunFlags): Promise<Followed> {
  const timeoutMs = flags.timeout === undefined ? undefined : parseDuration(flags.timeout);
  const source = await sessionSource(context, flags, wantedDocument(words, flags));
  const banner = new Banner(context.io, flags);
  const session = await openWithBanner(source, banner, context.signal);
  if (session.sessionType === "Standard_Stream") {
    await session.close();
    throw usageError("The session is a terminal, not a command.", "Use `colloquy ssm shell`.");
  }
  const told = await followCommand(context, session, banner, timeoutMs);
  if (told.code === undefined) banner.say("The machine tells no status of this command.");
  return told;
}

function wantedDocument(words: readonly string[], { target, document }: RunFlags): WantedDocument {
  const isChosenElsewhere = target === undefined || document !== undefined;
  if (isChosenElsewhere && words.length > 0)
    throw usageError(
      "The command of this session is chosen already.",
      "Leave it out, or give --parameter command=… for a document of your own.",
    );
  if (isChosenElsewhere) return {};
  if (words.length === 0) throw usageError("No command was given.", "Write it after --, like: -- df -h");
  return {
    name: "AWS-StartNonInteractiveCommand",
    parameters: { command: [words.join(" ")], separateOutputStream: ["true"] },
  };
}
