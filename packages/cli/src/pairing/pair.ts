import { ColloquyError, type Session } from "@colloquy/core";
import type { PairFlags } from "../commands/pair.js";
import type { Context, Report } from "../context.js";
import { label, sessionJson } from "../describe-session.js";
import { inWords, parseDuration } from "../durations.js";
import { findSession } from "../find-session.js";
import { type Opened, withColloquy } from "../open-colloquy.js";
import type { ProviderAdapter } from "../providers/provider-adapter.js";
import { adapterOf } from "../providers/registry.js";
import { createSession } from "../sessions/create.js";
import { openPairingView } from "./pairing-view.js";
import { showPairing } from "./show-pairing.js";

/** `colloquy pair <provider>`. */
export async function pairCommand(context: Context, providerId: string, flags: PairFlags): Promise<Report> {
  const adapter = await adapterOf(providerId);
  const timeoutMs = flags.timeout === undefined ? undefined : parseDuration(flags.timeout);
  return withColloquy(
    context,
    async (opened) => {
      const session = await chooseSession(context, opened, adapter, flags);
      const startedAtMs = Date.now();
      const codes = await pairSession(context, adapter, session, {
        ...flags,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
      const tookMs = Date.now() - startedAtMs;
      const account = context.output.address(session.snapshot.identity?.id) ?? "the account";
      context.output.line(`Paired: ${label(session)} is connected as ${account}, after ${inWords(tookMs)}.`);
      context.output.note(`Next: colloquy send ${session.id} --to +… --text "…"`);
      return { fields: { session: sessionJson(session, context.output), codes, tookMs } };
    },
    { named: [providerId] },
  );
}

async function chooseSession(
  context: Context,
  opened: Opened,
  adapter: ProviderAdapter,
  flags: PairFlags,
): Promise<Session> {
  if (flags.session !== undefined) return findSession(opened.colloquy, flags.session);
  return createSession(context, opened, adapter, flags);
}

interface PairingFlags {
  readonly small?: boolean;
  readonly page?: boolean;
  readonly timeoutMs?: number;
}

/** Pairs and shows it. Whatever ends it before it is done also ends it at the provider. Resolves with the number of codes shown. */
async function pairSession(
  context: Context,
  adapter: ProviderAdapter,
  session: Session,
  flags: PairingFlags,
): Promise<number> {
  const end = endOf(context.signal, flags.timeoutMs);
  const view = await openPairingView(context, adapter, session, flags);
  try {
    return await showPairing(session, view, end.signal);
  } catch (error) {
    view.close();
    if (end.signal.aborted) tellCancelled(context, session);
    throw error;
  } finally {
    end.dispose();
    view.close();
  }
}

/** One signal for Ctrl-C and for the time that is up, each with its own error. */
function endOf(
  interrupt: AbortSignal,
  timeoutMs: number | undefined,
): { readonly signal: AbortSignal; readonly dispose: () => void } {
  if (timeoutMs === undefined) return { signal: interrupt, dispose: () => {} };
  const controller = new AbortController();
  const isUp = (): void =>
    controller.abort(
      new ColloquyError({ code: "PAIRING_TIMEOUT", message: `Nobody scanned a code within ${inWords(timeoutMs)}.` }),
    );
  const timer = setTimeout(isUp, timeoutMs);
  return { signal: AbortSignal.any([interrupt, controller.signal]), dispose: () => clearTimeout(timer) };
}

/** Core has told the provider too, so that a code still on somebody's screen links nobody. */
function tellCancelled({ output }: Context, session: Session): void {
  if (session.state === "connected") return;
  output.event("pairing_cancelled", { sessionId: session.id });
  output.note(`The pairing of ${label(session)} was ended at the provider; the session is kept.`);
}
