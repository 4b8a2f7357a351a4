/** Waits until a message was delivered and read, without a public address, and asks again in a later process. */
import { createColloquy, isColloquyError, memoryStore } from "@colloquy/core";
import { wasender } from "@colloquy/wasender";
import { emulatedAccount } from "./emulated.js";
import { pairedSession } from "./paired-session.js";

// For the real service: const account = { personalAccessToken: process.env["WASENDER_PERSONAL_ACCESS_TOKEN"] ?? "" };
const { account, stop } = await emulatedAccount();

// A store that outlives the process, such as sqliteStore("shop.db"), keeps receipts too.
const store = memoryStore();
const colloquy = createColloquy({ providers: [wasender(account)], store });
const shop = await colloquy.sessions.attach("wasender", await pairedSession(account));
await shop.start();
await shop.waitFor("connected", { timeoutMs: 30_000 });

const sent = await shop.send({ id: "order-17", to: "+15550101", text: "Your order is on its way" });
console.log(`Taken by the provider (${sent.status}).`);
try {
  const { status, atMs } = await sent.delivered({ timeoutMs: 60_000 });
  console.log(`Delivered: told as "${status}" at ${new Date(atMs).toISOString()}.`);
} catch (error) {
  // WAIT_TIMEOUT: the phone may be off. DELIVERY_FAILED: it will not come, and failed() tells why.
  if (!isColloquyError(error)) throw error;
  console.log(`${error.code}: ${error.message}`);
}
await colloquy.shutdown();

// Later, anywhere else: the message's own id is enough.
const later = createColloquy({ providers: [wasender(account)], store });
const again = await later.sessions.get(shop.id);
const receipt = await (await again.sent("order-17"))?.read({ timeoutMs: 60_000 });
console.log(`Read: told as "${receipt?.status}".`);

await later.shutdown();
await stop();
