import { Command, CommanderError } from "commander";
import { addAsk } from "./commands/ask.js";
import { addChat } from "./commands/chat.js";
import { addConversations } from "./commands/conversations.js";
import { addDemo } from "./commands/demo.js";
import { addDoctor } from "./commands/doctor.js";
import { addEmulator } from "./commands/emulator.js";
import { addExplain } from "./commands/explain.js";
import { addFleet } from "./commands/fleet.js";
import { addLimits } from "./commands/limits.js";
import { addOblix } from "./commands/oblix.js";
import { addPair } from "./commands/pair.js";
import { addSend } from "./commands/send.js";
import { addSessions } from "./commands/sessions.js";
import { addSsm, withPluginArguments } from "./commands/ssm.js";
import { addStatus } from "./commands/status.js";
import { addWasender } from "./commands/wasender.js";
import { addWatch } from "./commands/watch.js";
import { addWebhook } from "./commands/webhook.js";
import { addWorker } from "./commands/worker.js";
import type { Body } from "./context.js";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import type { SignalSource } from "./interrupt.js";
import type { Io } from "./output/io.js";
import { Output } from "./output/output.js";
import { modeOf, runCommand } from "./run-command.js";
import type { GlobalOptions } from "./settings.js";
import { usageError } from "./usage-error.js";
import { version } from "./version.js";

/** What a command's `action` calls. */
export type Run = (command: Command, body: Body) => Promise<void>;

type Add = (program: Command, run: Run) => void;

const commands: readonly Add[] = [
  addDemo,
  addEmulator,
  addPair,
  addSessions,
  addStatus,
  addLimits,
  addSend,
  addAsk,
  addChat,
  addConversations,
  addOblix,
  addWatch,
  addWebhook,
  addWasender,
  addSsm,
  addWorker,
  addFleet,
  addExplain,
  addDoctor,
];

/** Parses the arguments, runs the command and resolves with its exit code. Never throws. */
export async function runProgram(args: readonly string[], io: Io, signals: SignalSource = process): Promise<number> {
  let exitCode: number = exitCodes.done;
  const run: Run = async (command, body) => {
    exitCode = await runCommand(io, signals, command.optsWithGlobals<GlobalOptions>(), body);
  };
  try {
    await buildProgram(io, run).parseAsync(withPluginArguments(args), { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return commanderExit(error, args, io);
  }
}

function buildProgram(io: Io, run: Run): Command {
  const program = new Command("colloquy")
    .description("Pair, run and inspect messaging sessions")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => {} })
    .showHelpAfterError()
    .option(
      "--store <place>",
      "database file, redis:// or nats:// address (COLLOQUY_STORE; default: a file in the user's data folder)",
    )
    .option("--json", "print one JSON object at the end")
    .option("--events", "print one JSON object a line as things happen, the result last")
    .option("--show-secrets", "do not mask phone numbers and message texts")
    .option("--debug", "print stacks and log lines to stderr");
  for (const add of commands) add(program, run);
  return program;
}

/** Help and version are no mistakes; everything else is one of usage. */
function commanderExit(error: CommanderError, args: readonly string[], io: Io): ExitCode {
  if (error.exitCode === 0) return exitCodes.done;
  const mode = modeOf({ json: args.includes("--json"), events: args.includes("--events") });
  // Without a command commander shows its help on stderr and has no message of its own.
  const said = error.code === "commander.help" ? "No command was given." : error.message.replace(/^error: /, "");
  new Output(io, { mode }).fail(
    usageError(said, "See `colloquy --help`, or `--help` after a command."),
    exitCodes.usage,
  );
  return exitCodes.usage;
}
