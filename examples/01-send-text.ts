/** Sends one text over a session that is already paired, and prints what the provider said. */
import { createColloquy } from "@colloquy/core";
import { wasender } from "@colloquy/wasender";
import { emulatedAccount } from "./emulated.js";
import { pairedSession } from "./paired-session.js";

// For the real service: const account = { personalAccessToken: process.env["WASENDER_PERSONAL_ACCESS_TOKEN"] ?? "" };
const { account, stop } = await emulatedAccount();

const colloquy = createColloquy({ providers: [wasender(account)] });
const remoteId = await pairedSession(account);

const shop = await colloquy.sessions.attach("wasender", remoteId);
await shop.start();
await shop.waitFor("connected", { timeoutMs: 30_000 });
const sent = await shop.send({ to: "+15550101", text: "Your order is on its way" });
console.log(`Taken by the provider as message ${sent.providerMessageId} (${sent.status}).`);

await colloquy.shutdown();
await stop();
