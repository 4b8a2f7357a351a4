import { exitCodeOf } from "../exit-codes.js";
import { errorLines } from "../output/errors.js";
import { secretsOf } from "../settings.js";
import { usageError } from "../usage-error.js";
import {
  exportTalk,
  forkTalk,
  listTalks,
  loadTalk,
  newTalk,
  renameTalk,
  searchTalks,
} from "./conversation-commands.js";
import { knownModels, modelOf } from "./models.js";
import type { Talk } from "./talk.js";

interface SlashCommand {
  readonly usage: string;
  readonly does: string;
  readonly run: (talk: Talk, rest: string, signal: AbortSignal) => Promise<void>;
}

const commands: Readonly<Record<string, SlashCommand>> = {
  help: { usage: "/help", does: "this list", run: help },
  list: { usage: "/list [number]", does: "the conversations that changed last", run: listTalks },
  load: { usage: "/load <conversation>", does: "go on with another one, by id or title", run: loadTalk },
  new: { usage: "/new [title]", does: "begin another one", run: newTalk },
  fork: { usage: "/fork [message]", does: "go on in a copy, which ends with this message number", run: forkTalk },
  title: { usage: "/title <title>", does: "name this conversation", run: renameTalk },
  search: { usage: "/search <words>", does: "find words in all conversations", run: searchTalks },
  export: { usage: "/export <file>", does: "write this conversation to a file", run: exportTalk },
  model: { usage: "/model [type:name]", does: "which model answers, or let another one answer", run: chooseModel },
  exit: { usage: "exit", does: "leave; Ctrl-C stops an answer, and leaves when there is none", run: async () => {} },
};

/** Carries out a line that begins with a slash. What goes wrong is told, and the talk goes on. */
export async function runCommandLine(talk: Talk, line: string, signal: AbortSignal): Promise<void> {
  const { output, io } = talk.context;
  const [, name = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw usageError(`There is no /${name}.`, "See /help.");
    await command.run(talk, rest.trim(), signal);
  } catch (error) {
    if (signal.aborted) return;
    talk.failure ??= exitCodeOf(error);
    for (const told of errorLines(error, secretsOf(io.environment), output.colors)) io.stderr.write(`${told}\n`);
  }
}

async function help({ context: { output } }: Talk): Promise<void> {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  for (const { usage, does } of Object.values(commands)) output.line(`  ${usage.padEnd(width)}  ${does}`);
}

async function chooseModel(talk: Talk, rest: string, signal: AbortSignal): Promise<void> {
  const { output, io } = talk.context;
  if (rest === "") {
    const others = (await knownModels(io.environment, signal)).filter((id) => id !== talk.model.id);
    output.line(`${talk.model.id} answers.${others.length === 0 ? "" : ` Also known: ${others.join(", ")}`}`);
    return;
  }
  const model = talk.models.find(({ id }) => id === rest) ?? modelOf(rest, io.environment);
  if (!talk.models.includes(model)) talk.models.push(model);
  talk.model = model;
  output.line(`${model.id} answers from now on.`);
}
