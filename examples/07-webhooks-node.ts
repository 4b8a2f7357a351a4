/** Receives webhooks with Node's own server, and reads them in full: every event typed, one loop for all. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createWebhookHandler, nodeListener } from "@colloquy/core";
import { readWasenderEvent } from "@colloquy/wasender";
import { webhookRehearsal } from "./webhook-rehearsal.js";

const { provider, session, rehearse, stop } = await webhookRehearsal();

const handler = createWebhookHandler(provider, { session });
const server = createServer(nodeListener(handler)).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

// Instead of `onEvent`: the session's own loop. What is not handled when the process dies comes again.
const reading = (async () => {
  for await (const event of session.events({ types: ["message.received", "message.status", "provider"] })) {
    const told = readWasenderEvent(event);
    if (told.event === "messages.received" || told.event === "messages-personal.received")
      for (const { from, kind } of told.data.messages) console.log(`${from?.displayName} sent a ${kind}.`);
  }
})();
await rehearse(`http://127.0.0.1:${port}/webhook`);

server.close();
await stop();
await reading;
