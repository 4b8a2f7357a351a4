import { type AnyProvider, callOf, defineOperation, type ProviderEvent } from "@colloquy/core";
import { standingProvider } from "../measures/standing-provider.js";

const send = defineOperation({
  name: "messages.send",
  summary: "Sends a text.",
  method: "POST",
  path: "/sessions/{id}/messages",
  credential: "none",
  repeatable: "never",
  buckets: ["requests"],
  encode: (sent: { readonly text: string; readonly epoch: number; readonly pid: number }, { remoteId = "" }) => ({
    params: { id: remoteId },
    body: { kind: "json", value: sent },
  }),
  decode: ({ body }) => ({ providerMessageId: String((body as { id?: unknown } | null)?.id), status: "accepted" }),
});

/**
 * The service of the harness. It cannot be asked what it has, so what is unknown stays so. Each message says under which lease
 * it was sent, and by which process.
 */
export function chaosProvider(baseUrl: string, epochOf: (sessionId: string) => number = () => 0): AnyProvider {
  return standingProvider({
    id: "chaos",
    baseUrl,
    pollConnectedMs: 10_000,
    send: ({ text = "" }, { sessionId }) => callOf(send, { text, epoch: epochOf(sessionId), pid: process.pid }),
    receive: { verify: () => true, read: ({ body }) => ({ events: eventsOf(body), signals: [] }) },
  });
}

/** A delivery names what happened, nothing more. */
function eventsOf(body: Uint8Array): readonly ProviderEvent[] {
  const occurrenceId = Buffer.from(body).toString("utf8");
  const chatId = occurrenceId.split(" ")[0] ?? "";
  const message = { providerMessageId: occurrenceId, chatId, from: { id: chatId }, kind: "text" as const };
  return [{ type: "message.received", occurrenceId, message, raw: null }];
}
