import { type AnyProvider, type Colloquy, isColloquyError } from "@colloquy/core";
import { exitCodeOf, exitCodes } from "../exit-codes.js";
import type { ProviderAdapter } from "../providers/provider-adapter.js";
import { checkClock } from "./check-runtime.js";
import { type Finding, fail, ok } from "./finding.js";

const answerWithinMs = 10_000;

export function checkVariables(
  adapter: ProviderAdapter,
  environment: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  return adapter.checkEnvironment(environment).map(({ name, state, says, doNext }) => ({
    check: name,
    state,
    says,
    ...(doNext === undefined ? {} : { doNext }),
    ...(state === "fail" ? { exitCode: exitCodes.credentials } : {}),
  }));
}

/** Reaches the address without any credential, and compares the clocks. */
export async function checkAddress(provider: AnyProvider, signal: AbortSignal): Promise<readonly Finding[]> {
  const check = `${provider.id} address`;
  if (provider.baseUrl === undefined || !URL.canParse(provider.baseUrl)) return [];
  try {
    const startedAtMs = Date.now();
    const response = await fetch(provider.baseUrl, {
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
    });
    await response.body?.cancel();
    const nowMs = Date.now();
    return [
      ok(check, `${new URL(provider.baseUrl).origin} answers in ${nowMs - startedAtMs} ms`),
      checkClock(response.headers.get("date"), nowMs),
    ];
  } catch {
    if (signal.aborted) throw signal.reason;
    const doNext = "Check the network, a proxy, and the base URL.";
    return [fail(check, `${new URL(provider.baseUrl).origin} does not answer`, doNext, exitCodes.providerDown)];
  }
}

export async function checkCredential(
  adapter: ProviderAdapter,
  colloquy: Colloquy<readonly AnyProvider[]>,
  signal: AbortSignal,
): Promise<Finding> {
  const check = `${adapter.id} credential`;
  try {
    await adapter.remote(colloquy.provider(adapter.id)).checkCredential(signal);
    return ok(check, "is accepted by the provider");
  } catch (error) {
    if (!isColloquyError(error)) throw error;
    return fail(check, `${error.message} (${error.code})`, error.userAction ?? "", exitCodeOf(error));
  }
}
