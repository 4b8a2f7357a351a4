/** A question of one session carried by another: an organisation's approval, asked and answered in a WhatsApp chat. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createColloquy, createWebhookHandler, nodeListener } from "@colloquy/core";
import { startEmulator } from "@colloquy/emulator";
import { orgNats } from "@colloquy/org-nats";
import { wasender } from "@colloquy/wasender";
import { z } from "zod";

// For the real services: their addresses, your token, and no `receive` below: the manager's phone does that.
const emulator = await startEmulator({ wasender: { dials: { scanAfterMs: 200, connectDelayMs: 100 } } });
const { personalAccessToken, baseUrl } = emulator.wasender;
const whatsapp = wasender({ personalAccessToken, baseUrl });
const colloquy = createColloquy({ providers: [whatsapp, orgNats({ baseUrl: emulator.org.sessionsUrl, nats: false })] });

const shop = await colloquy.sessions.create("wasender", { name: "Shop", phoneNumber: "+15550100" });
for await (const _challenge of shop.pair()) void 0;
const server = createServer(nodeListener(createWebhookHandler(whatsapp, { session: shop }))).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
await shop.provider.sessions.update({
  webhookUrl: `http://127.0.0.1:${port}/webhook`,
  webhookEnabled: true,
  webhookEvents: ["messages.received"],
});

const approval = await colloquy.sessions.create("org-nats", {
  messageData: { order: 17 },
  messageDataTemplate: { policy_input_schema: { refund: { type: "string", enum: ["yes", "no"] } } },
});
await approval.start();
await approval.waitFor("waiting", { timeoutMs: 10_000 });
const ask = await approval.ask({
  text: "May order 17 be refunded? Answer yes or no.",
  to: "+15550111",
  via: shop,
  // The organisation hears of it, too: a plain answer is meant for the one field that the template asks for.
  schema: z.enum(["yes", "no"]),
  deadlineMs: 3_600_000,
});
console.log(`Asked over WhatsApp: ${ask.id.slice(0, 4)}…`);

while (emulator.wasender.sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
emulator.wasender.receive(Number(shop.remoteId), { from: "+15550111", text: "yes", name: "Manager" });
console.log(`The manager says: ${await ask.wait({ timeoutMs: 20_000 })}.`);
console.log(`The approval is ${await approval.waitFor("completed", { timeoutMs: 10_000 })}.`);

await colloquy.shutdown();
server.close();
await emulator.close();
