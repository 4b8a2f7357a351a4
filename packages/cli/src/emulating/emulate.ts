import { setTimeout as pause } from "node:timers/promises";
import { type Emulator, startEmulator, wasenderScenarios } from "@colloquy/emulator";
import type { EmulatorFlags } from "../commands/emulator.js";
import type { Context, Report } from "../context.js";
import { table } from "../output/table.js";
import { usageError } from "../usage-error.js";
import { wholeNumber } from "../whole-number.js";

const watchEveryMs = 200;

/** `colloquy emulator`. Runs until Ctrl-C; stopping it is not a failure. */
export async function emulatorCommand(context: Context, flags: EmulatorFlags): Promise<Report> {
  if (flags.scenarios) return listScenarios(context);
  const emulator = await start(flags);
  try {
    const { url, wasender } = emulator;
    const { baseUrl, personalAccessToken } = wasender;
    const fields = { url, wasender: { baseUrl, personalAccessToken, scenario: wasender.scenarioName } };
    const { output } = context;
    output.line(`The emulator listens at ${url} (open it in a browser to play the phone).`);
    output.line("");
    output.line(`export WASENDER_BASE_URL=${baseUrl}`);
    output.line(`export WASENDER_PERSONAL_ACCESS_TOKEN=${personalAccessToken}`);
    output.line("");
    output.line("Then, in that shell: colloquy pair wasender --name Shop --phone +15550100");
    output.line("Ctrl-C stops it.");
    output.event("ready", fields);
    // Whoever starts it needs the address now, not at the end.
    if (output.mode === "json") output.json({ ok: true, ...fields });
    await watchRequests(context, emulator);
    return {
      fields: { requests: wasender.requests.length, sent: wasender.sent.length },
      isPrinted: output.mode === "json",
    };
  } finally {
    await emulator.close();
  }
}

async function start(flags: EmulatorFlags): Promise<Emulator> {
  const scenario = flags.scenario ?? "calm";
  if (!Object.hasOwn(wasenderScenarios, scenario))
    throw usageError(`There is no scenario "${scenario}".`, "See them with `colloquy emulator --scenarios`.");
  const port = wholeNumber("port", flags.port ?? "0");
  try {
    return await startEmulator({ port, seed: wholeNumber("seed", flags.seed ?? "1"), wasender: { scenario } });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    throw usageError(`Port ${port} cannot be used (${code}).`, "Choose another with --port, or leave it out.");
  }
}

/** Prints what arrives, until Ctrl-C. Paths hold ids, never numbers or texts. */
async function watchRequests({ output, signal }: Context, { wasender }: Emulator): Promise<void> {
  let told = 0;
  while (!signal.aborted) {
    // One under way has no status yet; it is told when it has.
    const answered = wasender.requests.slice(told);
    const until = answered.findIndex(({ status, fault }) => status === null && fault === undefined);
    for (const { method, path, status, fault, sessionId } of until < 0 ? answered : answered.slice(0, until)) {
      told += 1;
      const session = sessionId === undefined ? {} : { sessionId };
      output.event("request", { method, path, status, ...(fault === undefined ? {} : { fault }), ...session });
      output.line(`  ${method} ${path} ${status ?? "no answer"}${fault === undefined ? "" : ` (${fault})`}`);
    }
    await pause(watchEveryMs, undefined, { signal }).catch(() => {});
  }
}

function listScenarios({ output }: Context): Report {
  const scenarios = Object.entries(wasenderScenarios).map(([name, { description }]) => ({ name, description }));
  output.line(
    table(
      ["SCENARIO", "WHAT HAPPENS"],
      scenarios.map(({ name, description }) => [name, description]),
    ),
  );
  return { fields: { scenarios } };
}
