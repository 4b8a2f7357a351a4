import type { ShellFlags } from "../commands/ssm.js";
import type { Context, Report } from "../context.js";
import { usageError } from "../usage-error.js";
import { attachShell } from "./attach-shell.js";
import { Banner, openWithBanner } from "./banner.js";
import { sessionSource } from "./session-source.js";

/** `colloquy ssm shell`. */
export async function shellCommand(context: Context, flags: ShellFlags): Promise<Report> {
  if (context.output.mode !== "human")
    throw usageError("A terminal's output is no JSON.", "Use `colloquy ssm run --json` for one command.");
  if (flags.session === "-")
    throw usageError("The standard input is what is typed.", "Give the session in a file, or in COLLOQUY_SSM_SESSION.");
  const { command, escape = "~" } = flags;
  if (escape !== "none" && !/^[!-~]$/.test(escape))
    throw usageError(`--escape is "${escape}".`, "Give one character, or none.");
  const wanted =
    command === undefined ? {} : { name: "AWS-StartInteractiveCommand", parameters: { command: [command] } };
  const source = await sessionSource(context, flags, wanted);
  const banner = new Banner(context.io, flags);
  const session = await openWithBanner(source, banner, context.signal);
  const exitCode = await attachShell(context, session, banner, escape === "none" ? undefined : escape);
  return { fields: {}, exitCode };
}
