import { type AnyProvider, type Colloquy, createColloquy, type Logger, type Store, silentLogger } from "@colloquy/core";
import type { Context } from "./context.js";
import { openBudget, openStore } from "./open-store.js";
import { type NamedProviders, neededProviders } from "./providers/needed-providers.js";
import { storePath } from "./settings.js";

export interface Opened {
  readonly colloquy: Colloquy<readonly AnyProvider[]>;
  /** The same store that `colloquy` uses, for reading what has no method of its own. */
  readonly store: Store;
  /** The file, or the address of the server. */
  readonly path: string;
}

export interface Needs {
  /** Default: only those whose sessions the store holds. */
  readonly named?: NamedProviders;
  readonly more?: readonly AnyProvider[];
}

/** Opens the store and the providers that one command needs, and closes them whatever happens. */
export async function withColloquy<Result>(
  context: Context,
  body: (opened: Opened) => Promise<Result>,
  { named = [], more = [] }: Needs = {},
): Promise<Result> {
  const { io, options } = context;
  const path = storePath(options, io.environment);
  const secretKey = io.environment["COLLOQUY_SECRET_KEY"];
  const [store, sharedBudget] = await Promise.all([openStore(path, secretKey), openBudget(path)]);
  const providers = await neededProviders({ store, path }, named, io.environment).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const colloquy: Colloquy<readonly AnyProvider[]> = createColloquy({
    providers: [...providers, ...more],
    store,
    ...(sharedBudget ? { transport: { sharedBudget } } : {}),
    logger: options.debug ? debugLogger(context) : silentLogger,
  });
  try {
    await store.open();
    return await body({ colloquy, store, path });
  } finally {
    await closeInTime(context, colloquy.shutdown());
  }
}

/** Twice what core gives to sends under way. */
const closeWithinMs = 10_000;

/** A shutdown that hangs must not keep the result from being told; the store is whole at any moment. */
async function closeInTime({ io }: Context, closing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), closeWithinMs);
  });
  const how = await Promise.race([closing, late]);
  clearTimeout(timer);
  if (how === "late") io.stderr.write("warning: closing took too long and was given up; nothing stored is lost\n");
}

/** Core puts ids, codes and durations into log lines, never texts, numbers or keys. */
function debugLogger({ io }: Context): Logger {
  return {
    log: (level, event, fields) => void io.stderr.write(`${JSON.stringify({ level, event, ...fields })}\n`),
  };
}
