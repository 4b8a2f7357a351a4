/** Receives webhooks with Fastify, whose JSON parser is replaced by one that keeps the bytes, for this route alone. */
import { createWebhookHandler, toWebRequest } from "@colloquy/core";
import { fastify } from "fastify";
import { webhookRehearsal } from "./webhook-rehearsal.js";

const { provider, session, rehearse, stop } = await webhookRehearsal();

const handler = createWebhookHandler(provider, {
  session,
  onEvent(event) {
    if (event.type !== "message.received") return;
    const { from, text = "" } = event.message;
    console.log(`${from.displayName} wrote ${text.length} characters.`);
  },
});

const app = fastify();
await app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  // Fastify reads the body itself, so the limit is set here; without it, 1 MiB.
  const options = { parseAs: "buffer", bodyLimit: 16 * 1_048_576 } as const;
  scope.addContentTypeParser("*", options, (_request, body, done) => done(null, body));
  scope.post("/webhook", (request) => handler(toWebRequest(request)));
});

await rehearse(`${await app.listen({ port: 0, host: "127.0.0.1" })}/webhook`);

await app.close();
await handler.idle();
await stop();
