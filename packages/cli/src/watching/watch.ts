import type { Session } from "@colloquy/core";
import type { WatchFlags } from "../commands/watch.js";
import type { Context, Report } from "../context.js";
import { label } from "../describe-session.js";
import { parseDuration } from "../durations.js";
import { findSession } from "../find-session.js";
import { withColloquy } from "../open-colloquy.js";
import { adapterOf } from "../providers/registry.js";
import { wholeNumber } from "../whole-number.js";
import { eventJson, eventLine } from "./event-text.js";
import { followStored } from "./follow-stored.js";
import { openWebhookListener } from "./webhook-listener.js";

/**
 * `colloquy watch`. Without options it only reads what the store tells, so a session stays with the process that runs it.
 * With `--run` or `--listen` this process takes it over.
 */
export function watchCommand(context: Context, reference: string, flags: WatchFlags): Promise<Report> {
  const durationMs = flags.for === undefined ? undefined : parseDuration(flags.for);
  return withColloquy(context, async (opened) => {
    const session = await findSession(opened.colloquy, reference);
    const end = durationMs === undefined ? [] : [AbortSignal.timeout(durationMs)];
    const signal = AbortSignal.any([context.signal, ...end]);
    const watching: Context = { ...context, signal };
    const isOwner = flags.run === true || flags.listen !== undefined;
    context.output.note(`Watching ${label(session)}; Ctrl-C ends it.`);
    context.output.event("watching", { id: session.id, isOwner });
    const events = isOwner ? await runHere(watching, session, flags) : await followStored(watching, opened, session);
    return { fields: { id: session.id, events, state: session.state } };
  });
}

async function runHere(context: Context, session: Session, flags: WatchFlags): Promise<number> {
  const { output, signal } = context;
  const listener =
    flags.listen === undefined
      ? undefined
      : await openWebhookListener(
          wholeNumber("listen", flags.listen),
          (await adapterOf(session.providerId)).configure(context.io.environment),
          session,
          output,
        );
  if (listener) {
    output.note(`Webhooks: ${listener.url}`);
    output.event("listening", { url: listener.url });
  }
  const events = session.events({ signal });
  // Draining is what takes a session over and keeps it alive here.
  const running = session.drain().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  try {
    let count = 0;
    const reading = (async (): Promise<number> => {
      for await (const event of events) {
        count += 1;
        output.event("session_event", eventJson(event, output));
        output.line(eventLine(event, output));
      }
      return count;
    })();
    return await Promise.race([reading, running.then(() => reading)]);
  } finally {
    await listener?.close();
  }
}
