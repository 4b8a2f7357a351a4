/** Runs a route of the Next App Router, `next/app/webhook/route.ts`, as Next would: a function of a request. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { nodeListener } from "@colloquy/core";
import { POST } from "./next/app/webhook/route.js";
import { webhookRehearsal } from "./webhook-rehearsal.js";

const { secret, rehearse, stop } = await webhookRehearsal();
process.env["WASENDER_WEBHOOK_SECRET"] = secret;

const server = createServer(nodeListener(POST)).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
await rehearse(`http://127.0.0.1:${port}/webhook`);

server.close();
await stop();
