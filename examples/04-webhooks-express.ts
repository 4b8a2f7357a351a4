/** Receives webhooks with Express: each message is stored, answered and then handled, once. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createWebhookHandler, nodeListener } from "@colloquy/core";
import express from "express";
import { webhookRehearsal } from "./webhook-rehearsal.js";

const { provider, session, rehearse, stop } = await webhookRehearsal();

const handler = createWebhookHandler(provider, {
  session, // its stored webhook secret checks the signature
  onEvent(event) {
    if (event.type !== "message.received") return;
    const { from, text = "" } = event.message;
    console.log(`${from.displayName} wrote ${text.length} characters.`);
  },
  onRefused: ({ reason }) => console.warn(`A delivery was refused: ${reason}.`),
});

const app = express();
// Before any body parser: the signature is checked over the bytes as they came.
app.post("/webhook", nodeListener(handler));
app.use(express.json());

const server = app.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
await rehearse(`http://127.0.0.1:${port}/webhook`);

server.close();
await handler.idle();
await stop();
