import { wasender } from "@colloquy/wasender";
import type { CallFlags } from "../commands/wasender.js";
import type { Context, Report } from "../context.js";
import { withColloquy } from "../open-colloquy.js";
import { readInput } from "../read-input.js";
import { usageError } from "../usage-error.js";
import type { Answer } from "./answer.js";
import { wasenderSession } from "./run-verb.js";
import { shown } from "./shown.js";
import { tell } from "./tell.js";

export interface CallArguments {
  readonly session: string | undefined;
  readonly operation: string | undefined;
  readonly input: string | undefined;
}

type AnyCall = (input: unknown, options: { readonly signal: AbortSignal }) => Promise<{ readonly value: unknown }>;

/** `colloquy wasender call`: the whole API, for what has no command of its own. */
export async function callCommand(context: Context, given: CallArguments, flags: CallFlags): Promise<Report> {
  const { output, signal, io } = context;
  if (flags.list) return tell(output, operationList());
  const { session: reference, operation: name, input } = given;
  if (reference === undefined || name === undefined)
    throw usageError("Say which session and which operation.", "See `colloquy wasender call --list`.");
  const [noun = "", verb = ""] = name.split(".");
  if (!operationNames().includes(name))
    throw usageError(`There is no operation "${name}".`, "See `colloquy wasender call --list`.");
  const value = parsed(input === "-" ? await readInput(input, io) : (input ?? "{}"));
  return withColloquy(context, async (opened) => {
    const { provider } = await wasenderSession(opened, reference);
    const call = (provider as unknown as Readonly<Record<string, Readonly<Record<string, AnyCall>>>>)[noun]?.[verb];
    if (call === undefined)
      throw usageError(`There is no operation "${name}".`, "See `colloquy wasender call --list`.");
    const answer = shown((await call(value, { signal })).value, output);
    output.line(JSON.stringify(answer ?? null, undefined, 2));
    return { fields: { operation: name, value: answer ?? null } };
  });
}

const operations = () => Object.values(wasender().operations).flatMap((verbs) => Object.values(verbs));

const operationNames = (): readonly string[] => operations().map(({ name }) => name);

function operationList(): Answer {
  return {
    headings: ["OPERATION", "ROUTE", "DOES"],
    none: "",
    rows: operations().map(({ name, method, path, summary }) => ({
      cells: [name, `${method} ${path}`, summary],
      fields: { operation: name, method, path, summary },
    })),
  };
}

function parsed(text: string): object {
  const problem = usageError("The input is no JSON object.", 'Write it like {"messageId": 100000, "text": "Hello"}.');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    throw problem;
  }
  throw problem;
}
