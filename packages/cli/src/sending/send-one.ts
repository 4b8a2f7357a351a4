import type { OutboundMessage, Session } from "@colloquy/core";
import type { Context, Report } from "../context.js";
import { inWords } from "../durations.js";

/** Sends one message and waits for what the provider says. Ctrl-C while it waits for its turn cancels it. */
export async function sendOne(
  context: Context,
  session: Session,
  message: OutboundMessage,
  timeoutMs?: number,
): Promise<Report> {
  const { output, signal } = context;
  const stop = new AbortController();
  const paced = tellPacing(context, session, stop.signal);
  try {
    const sent = await session.send(message, { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    const { id, providerMessageId, status, acceptedAtMs, sentAtMs } = sent;
    const to = output.address(message.to) ?? "";
    output.line(
      `Taken by ${session.providerId} as ${providerMessageId} (${status}), for ${to}, after ${inWords(sentAtMs - acceptedAtMs)}.`,
    );
    return { fields: { message: { id, to, state: "sent", providerMessageId, status, acceptedAtMs, sentAtMs } } };
  } finally {
    stop.abort();
    await paced;
  }
}

async function tellPacing({ output }: Context, session: Session, signal: AbortSignal): Promise<void> {
  for await (const event of session.events({ types: ["paced"], signal })) {
    if (event.type !== "paced") continue;
    output.event("paced", { messageId: event.messageId, untilMs: event.untilMs });
    output.line(`Waiting ${inWords(event.untilMs - Date.now())} for the provider's limit …`);
  }
}
