import { once } from "node:events";
import type { RawDelivery } from "@colloquy/core";
import type { ListenFlags } from "../commands/webhook.js";
import type { Context, Report } from "../context.js";
import { label } from "../describe-session.js";
import { parseDuration } from "../durations.js";
import { exitCodes } from "../exit-codes.js";
import { findSession } from "../find-session.js";
import { withColloquy } from "../open-colloquy.js";
import type { Fields } from "../output/output.js";
import { adapterOf } from "../providers/registry.js";
import { openWebhookListener } from "../watching/webhook-listener.js";
import { wholeNumber } from "../whole-number.js";
import { deliveryText } from "./delivery-text.js";
import { openRecorder } from "./recording.js";
import { tappedSession } from "./tapped-session.js";

/**
 * `colloquy webhook listen`. Takes nothing over and marks nothing as handled: what comes is stored, so the application that
 * runs the session gets it from the store.
 */
export function listenCommand(context: Context, reference: string, flags: ListenFlags): Promise<Report> {
  const { output, io } = context;
  const durationMs = flags.for === undefined ? undefined : parseDuration(flags.for);
  const port = flags.port === undefined ? 0 : wholeNumber("port", flags.port);
  return withColloquy(context, async ({ colloquy }) => {
    const session = await findSession(colloquy, reference);
    const provider = (await adapterOf(session.providerId)).configure(io.environment);
    const recorder = flags.record === undefined ? undefined : await openRecorder(flags.record);
    const counts = { deliveries: 0, events: 0, notRecorded: 0 };
    const tell = (fields: Fields, name: string): void => {
      if (output.mode === "json") output.json(fields);
      else output.event(name, fields);
    };
    const take = async (delivery: RawDelivery, storedCount: number): Promise<void> => {
      counts.deliveries += 1;
      counts.events += storedCount;
      // It is stored already, so a full disk is no reason to refuse it.
      await recorder?.write(delivery).catch(() => {
        counts.notRecorded += 1;
      });
      const read = provider.facets.receive?.read(delivery) ?? { events: [], signals: [] };
      const isDuplicate = read.events.length > 0 && storedCount === 0;
      const about = { sessionId: session.id, atMs: Date.now(), isDuplicate };
      for (const { line, fields } of deliveryText(read, about, output)) {
        output.line(line);
        tell(fields, "session_event");
      }
    };
    try {
      const listener = await openWebhookListener(port, provider, tappedSession(session, take), output);
      output.note(`Webhooks of ${label(session)}: ${listener.url}; Ctrl-C ends it.`);
      if (recorder) output.note("The recording holds the session's signature and key: keep it private.");
      tell({ type: "listening", url: listener.url }, "listening");
      try {
        await ended(context, durationMs);
      } finally {
        await listener.close();
      }
      const { notRecorded, ...rest } = counts;
      if (recorder === undefined) return { fields: { id: session.id, ...rest } };
      if (notRecorded > 0) output.line(`${notRecorded} deliveries could not be written to the recording.`);
      return {
        fields: { id: session.id, ...counts },
        exitCode: notRecorded === 0 ? exitCodes.done : exitCodes.failed,
      };
    } finally {
      await recorder?.close();
    }
  });
}

async function ended({ signal }: Context, durationMs: number | undefined): Promise<void> {
  const end = durationMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(durationMs)]);
  if (!end.aborted) await once(end, "abort");
}
