import type { Context, Report } from "../context.js";
import { attachShell } from "./attach-shell.js";
import { Banner, openWithBanner } from "./banner.js";
import { carryPort } from "./carry-port.js";
import { followCommand } from "./follow-command.js";
import { addressOf } from "./forward.js";
import { readPluginArguments } from "./plugin-arguments.js";
import { takenOver } from "./session-source.js";

/** The genuine plugin as of which agents offer everything; the AWS CLI asks for it too. */
const pluginVersion = "1.2.677.0";
const installed = "The Session Manager plugin is here, as `colloquy ssm plugin`. Use the AWS CLI to start a session.\n";

/** `colloquy ssm plugin`: what the session is for is known once it is open. */
export async function pluginCommand(context: Context, args: readonly string[]): Promise<Report> {
  const { io } = context;
  const isQuestion = args.length === 0 || args[0] === "--version";
  if (isQuestion) {
    io.stdout.write(args.length === 0 ? installed : `${pluginVersion}\n`);
    return { fields: {}, isPrinted: true };
  }
  const { started, region, profile, target, endpoint } = readPluginArguments(args, io.environment);
  // Its arguments are all taken, so it is told by variables how much to say.
  const banner = new Banner(io, {
    quiet: Boolean(io.environment["COLLOQUY_SSM_QUIET"]),
    verbose: Boolean(io.environment["COLLOQUY_SSM_VERBOSE"]),
  });
  const source = { ...takenOver(io.environment, { region, profile, endpoint }, target, true), ...started };
  const session = await openWithBanner(source, banner, context.signal);
  if (session.sessionType === "Port") {
    const { exitCode } = await carryPort(context, session, banner, {
      listen: {},
      onListening: (forward) =>
        banner.say(
          `Port ${forward.port ?? forward.path} opened for sessionId ${session.id}.\nWaiting for connections at ${addressOf(forward)}...`,
        ),
    });
    return { fields: {}, exitCode, isPrinted: true };
  }
  if (session.sessionType !== "NonInteractiveCommands")
    return { fields: {}, exitCode: await attachShell(context, session, banner, "~"), isPrinted: true };
  const { code } = await followCommand(context, session, banner);
  return { fields: {}, ...(code !== undefined && { exitCode: code }), isPrinted: true };
}
