import type { Command } from "commander";
import type { Run } from "../program.js";

/** Where a session comes from, and how much is said about it. */
export interface SessionFlags {
  readonly target?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly document?: string;
  readonly parameter?: readonly string[];
  readonly session?: string;
  readonly sessionId?: string;
  readonly streamUrl?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export interface ShellFlags extends SessionFlags {
  readonly command?: string;
  readonly escape?: string;
}

export interface RunFlags extends SessionFlags {
  readonly timeout?: string;
}

export interface ForwardFlags extends SessionFlags {
  readonly port?: string;
  readonly remoteHost?: string;
  readonly localPort?: string;
  readonly localHost?: string;
  readonly localSocket?: string;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function withSessionOptions(command: Command): Command {
  return command
    .option("--target <id>", "machine to start a session at, like i-0123456789abcdef0; needs AWS credentials")
    .option("--session <file>", "StartSession's reply as JSON instead; - reads the standard input")
    .option("--session-id <id>", "a started session (COLLOQUY_SSM_SESSION_ID), with COLLOQUY_SSM_TOKEN")
    .option("--stream-url <url>", "its address (COLLOQUY_SSM_STREAM_URL)")
    .option("--region <name>", "of the service (AWS_REGION)")
    .option("--profile <name>", "whose credentials, by the AWS CLI (AWS_PROFILE)")
    .option("--endpoint <url>", "of the service (AWS_ENDPOINT_URL_SSM, AWS_ENDPOINT_URL)")
    .option("--document <name>", "another document than the command's own")
    .option("--parameter <name=value>", "of the document; may be repeated", collect)
    .option("-q, --quiet", "say nothing but errors")
    .option("-v, --verbose", "tell on stderr why a connection is lost and when it is back");
}

const afterShell = `
Escape sequences, at the beginning of a line on a terminal:
  ~.   ends the session at once, also when nothing answers any more
  ~~   sends one ~
  ~?   lists them

Everything else, Ctrl-C too, goes to the machine. Without a terminal the standard input is what is typed and its end is
Ctrl-D; Ctrl-C is passed on, and a second one ends this command.`;

const afterRun = `
Ends with the status of the remote command, or with 255 when there is none to tell, as ssh does. Ctrl-C is passed on to the
command; a second one ends this one. --json collects the output: { ok, code, stdout, stderr }.`;

const afterForward = `
Prints where it listens, and then counts connections. The first Ctrl-C takes no new ones and waits for those that are open; the
second ends at once. A session for SSH has no listener: it is the standard input and output.`;

const afterPlugin = `
Takes what the AWS CLI gives to session-manager-plugin: the reply of StartSession as JSON or the name of a variable that holds
it, the region, StartSession, the profile, the request as JSON, and the endpoint. To stand in for it, put this into a file
session-manager-plugin on the PATH:

  #!/bin/sh
  exec colloquy ssm plugin "$@"`;

export function addSsm(program: Command, run: Run): void {
  const ssm = program.command("ssm").description("shells, commands and ports of machines, through AWS Session Manager");

  withSessionOptions(ssm.command("shell").description("a terminal on a machine"))
    .option("--command <text>", "run this in the terminal instead of a login shell")
    .option("-e, --escape <char>", "escape character, or none", "~")
    .addHelpText("after", afterShell)
    .action(async (flags: ShellFlags, self: Command) => {
      await run(self, async (context) => (await import("../ssm/shell.js")).shellCommand(context, flags));
    });

  withSessionOptions(ssm.command("run").description("one command on a machine; ends with its status"))
    .argument("[command...]", "after --; joined by spaces and read by the machine's shell")
    .option("--timeout <duration>", "end it after this long, like 30s")
    .addHelpText("after", afterRun)
    .action(async (words: readonly string[], flags: RunFlags, self: Command) => {
      await run(self, async (context) => (await import("../ssm/run.js")).runRemoteCommand(context, words, flags));
    });

  withSessionOptions(ssm.command("forward").description("a port of a machine, or behind it, on this one"))
    .option("--port <number>", "the machine's port")
    .option("--remote-host <name>", "a host that the machine reaches, instead of itself")
    .option("--local-port <number>", "port here (default: a free one)")
    .option("--local-host <address>", "address here", "127.0.0.1")
    .option("--local-socket <path>", "a unix socket here instead of a port")
    .addHelpText("after", afterForward)
    .action(async (flags: ForwardFlags, self: Command) => {
      await run(self, async (context) => (await import("../ssm/forward.js")).forwardCommand(context, flags));
    });

  ssm
    .command("plugin")
    .description("in place of session-manager-plugin, for the AWS CLI")
    .argument("[arguments...]", "as the AWS CLI gives them")
    .addHelpText("after", afterPlugin)
    .action(async (args: readonly string[], _flags: object, self: Command) => {
      await run(self, async (context) => (await import("../ssm/plugin.js")).pluginCommand(context, args));
    });
}

/** What the AWS CLI gives must not be read as options of ours: all of it comes after a `--`. */
export function withPluginArguments(args: readonly string[]): readonly string[] {
  const [first, second, third] = args;
  if (first !== "ssm" || second !== "plugin" || third === "--help" || third === "-h") return args;
  return ["ssm", "plugin", "--", ...args.slice(2)];
}
