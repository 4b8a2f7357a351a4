import { createWebhookHandler } from "@colloquy/core/webhooks";
import { readWasenderEvent, wasenderWebhooks } from "@colloquy/wasender/webhooks";

const handler = createWebhookHandler(wasenderWebhooks, {
  secret: () => process.env["WASENDER_WEBHOOK_SECRET"],
  // In a Next application: `waitUntil: after`, with `import { after } from "next/server"`, and an `inbox` over your database.
  onEvent(event) {
    const told = readWasenderEvent(event);
    console.log(`The route handled ${told.event}.`);
  },
});

/** Nothing here is Node's, so `export const runtime = "edge"` works as well. */
export const POST = (request: Request): Promise<Response> => handler(request);
