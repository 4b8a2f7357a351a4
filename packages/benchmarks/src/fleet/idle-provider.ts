import { type AnyProvider, callOf, defineOperation } from "@colloquy/core";
import { standingProvider } from "../measures/standing-provider.js";

const send = defineOperation({
  name: "messages.send",
  summary: "Sends a text.",
  method: "POST",
  path: "/messages",
  credential: "none",
  repeatable: "never",
  buckets: ["requests"],
  encode: ({ text }: { readonly text: string }) => ({ body: { kind: "json", value: { text } } }),
  decode: ({ body }) => ({ providerMessageId: String((body as { id?: unknown } | null)?.id), status: "accepted" }),
});

/** Sessions that are looked at once a minute, as often as a hosted service would be asked. */
export function idleProvider(baseUrl = "http://127.0.0.1:9"): AnyProvider {
  return standingProvider({
    id: "bench",
    baseUrl,
    pollConnectedMs: 60_000,
    send: ({ text = "" }) => callOf(send, { text }),
  });
}
