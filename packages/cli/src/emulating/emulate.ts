import {
  type Emulator,
  type NatsServer,
  NatsServerMissing,
  natsServer,
  ssmScenarios,
  startEmulator,
  wasenderScenarios,
} from "@colloquy/emulator";
import type { EmulatorFlags } from "../commands/emulator.js";
import type { Context, Report } from "../context.js";
import { table } from "../output/table.js";
import { usageError } from "../usage-error.js";
import { wholeNumber } from "../whole-number.js";
import { environmentOf } from "./environment.js";
import { watchRequests } from "./watch-requests.js";

/** `colloquy emulator`. Runs until Ctrl-C; stopping it is not a failure. */
export async function emulatorCommand(context: Context, flags: EmulatorFlags): Promise<Report> {
  if (flags.scenarios) return listScenarios(context, flags.ssm ? ssmScenarios : wasenderScenarios);
  const settings = settingsOf(flags);
  const nats = await natsOf(context);
  const emulator = await start(settings, nats).catch(async (error: unknown) => {
    await nats?.close();
    throw error;
  });
  try {
    const { url, wasender } = emulator;
    const { baseUrl, personalAccessToken } = wasender;
    const environment = environmentOf(emulator, nats);
    const fields = { url, wasender: { baseUrl, personalAccessToken, scenario: wasender.scenarioName }, environment };
    const { output } = context;
    output.line(`The emulator listens at ${url} (open it in a browser to play the phone).`);
    output.line("");
    for (const [name, value] of Object.entries(environment)) output.line(`export ${name}=${value}`);
    if (nats === undefined)
      output.line("# No nats-server was found, so answers of org-nats are looked for in intervals.");
    output.line("");
    output.line("Then, in that shell, for example:");
    output.line("  colloquy pair wasender --name Shop --phone +15550100");
    output.line("  colloquy sessions create org-nats --name Approvals --channel human");
    output.line('  colloquy ask Approvals "Pay 7 euros?"');
    output.line("  colloquy chat");
    if (emulator.ssm) output.line("  colloquy ssm shell --target i-0123456789abcdef0");
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
    await nats?.close();
  }
}

/** A real nats-server beside the emulator, on which the organisation's answers are told; none where none is installed. */
async function natsOf({ io }: Context): Promise<NatsServer | undefined> {
  try {
    return await natsServer({ environment: io.environment, mayDownload: false });
  } catch (error) {
    if (error instanceof NatsServerMissing) return undefined;
    throw error;
  }
}

interface Settings {
  readonly scenario: string;
  readonly port: number;
  readonly seed: number;
  /** Absent: without Session Manager, whose agent runs real commands. */
  readonly ssmScenario?: string;
}

/** Checked before anything is started. */
function settingsOf({ scenario = "calm", port = "0", seed = "1", ssm, ssmScenario }: EmulatorFlags): Settings {
  if (!Object.hasOwn(wasenderScenarios, scenario))
    throw usageError(`There is no scenario "${scenario}".`, "See them with `colloquy emulator --scenarios`.");
  if (ssmScenario !== undefined && !ssm)
    throw usageError("--ssm-scenario stands alone.", "Add --ssm, or leave it out.");
  if (ssmScenario !== undefined && !Object.hasOwn(ssmScenarios, ssmScenario))
    throw usageError(`There is no scenario "${ssmScenario}".`, "See them with `colloquy emulator --ssm --scenarios`.");
  return {
    scenario,
    port: wholeNumber("port", port),
    seed: wholeNumber("seed", seed),
    ...(ssm ? { ssmScenario: ssmScenario ?? "calm" } : {}),
  };
}

async function start({ scenario, port, seed, ssmScenario }: Settings, nats: NatsServer | undefined): Promise<Emulator> {
  try {
    return await startEmulator({
      port,
      seed,
      wasender: { scenario },
      ...(nats === undefined ? {} : { org: { publish: nats.publish } }),
      ...(ssmScenario === undefined ? {} : { ssm: { scenario: ssmScenario } }),
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    throw usageError(`Port ${port} cannot be used (${code}).`, "Choose another with --port, or leave it out.");
  }
}

function listScenarios({ output }: Context, known: Readonly<Record<string, { readonly description: string }>>): Report {
  const scenarios = Object.entries(known).map(([name, { description }]) => ({ name, description }));
  output.line(
    table(
      ["SCENARIO", "WHAT HAPPENS"],
      scenarios.map(({ name, description }) => [name, description]),
    ),
  );
  return { fields: { scenarios } };
}
