/** Receives webhooks with Hono, here on Node; the same two lines serve Bun, Deno and Cloudflare Workers. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createWebhookHandler } from "@colloquy/core";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
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

const app = new Hono();
// On Cloudflare Workers: handler(context.req.raw, context.executionCtx), so that the worker lives until all is handled.
app.post("/webhook", (context) => handler(context.req.raw));

const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
await once(server, "listening");
const { port } = server.address() as AddressInfo;
await rehearse(`http://127.0.0.1:${port}/webhook`);

server.close();
await handler.idle();
await stop();
