import { createColloquy } from "@colloquy/core";
import type { Context, Report } from "../context.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { maskText } from "../masking.js";
import { openStore } from "../open-store.js";
import type { Output } from "../output/output.js";
import type { ProviderAdapter } from "../providers/provider-adapter.js";
import { adapterOf, providerIds } from "../providers/registry.js";
import { secretsOf, storePath } from "../settings.js";
import { checkAddress, checkCredential, checkVariables } from "./check-provider.js";
import { checkNode } from "./check-runtime.js";
import { checkSecretKey, checkStore } from "./check-store.js";
import type { Finding } from "./finding.js";

/** `colloquy doctor`: every check is made, whatever the others found. The exit code is that of the first failure. */
export async function doctorCommand(context: Context): Promise<Report> {
  const { output, io } = context;
  const findings: Finding[] = [];
  for await (const finding of examine(context)) {
    const clean = { ...finding, says: maskText(finding.says, secretsOf(io.environment)) };
    findings.push(clean);
    output.event("finding", { ...clean });
    output.line(findingLine(clean, output));
  }
  const count = (state: Finding["state"]): number => findings.filter((finding) => finding.state === state).length;
  const counts = { ok: count("ok"), warnings: count("warn"), failures: count("fail") };
  output.line();
  output.line(`${counts.ok} ok, ${counts.warnings} warnings, ${counts.failures} failures`);
  const exitCode: ExitCode = findings.find(({ state }) => state === "fail")?.exitCode ?? exitCodes.done;
  return { fields: { findings, counts }, exitCode };
}

async function* examine({ io, options, signal }: Context): AsyncGenerator<Finding> {
  const { environment } = io;
  const secretKey = environment["COLLOQUY_SECRET_KEY"];
  yield checkNode(process.versions.node);
  const path = storePath(options, environment);
  const store = await openStore(path, secretKey);
  try {
    yield* await checkStore(store, path);
  } finally {
    await store.close();
  }
  yield checkSecretKey(secretKey);
  for (const adapter of await Promise.all(providerIds.map(adapterOf)))
    if (adapter.isWanted?.(environment) ?? true) yield* examineProvider(adapter, environment, signal);
}

async function* examineProvider(
  adapter: ProviderAdapter,
  environment: Context["io"]["environment"],
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const variables = checkVariables(adapter, environment);
  yield* variables;
  const provider = adapter.configure(environment);
  const address = await checkAddress(provider, signal);
  yield* address;
  // With a wrong setting or no way there, a refusal of the credential would say nothing.
  if ([...variables, ...address].some(({ state, check }) => state === "fail" && check !== "clock")) return;
  const colloquy = createColloquy({ providers: [provider] });
  try {
    yield await checkCredential(adapter, colloquy, signal);
  } finally {
    await colloquy.shutdown();
  }
}

function findingLine({ check, state, says, doNext }: Finding, { colors }: Output): string {
  const mark = { ok: colors.green("ok  "), warn: colors.yellow("warn"), fail: colors.red("FAIL") }[state];
  return `${mark}  ${check} ${says}${doNext === undefined ? "" : `\n      ${colors.dim("do:")} ${doNext}`}`;
}
