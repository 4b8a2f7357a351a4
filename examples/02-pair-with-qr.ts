/** Pairs a phone: shows each code as it comes, until the session is connected. */
import { createColloquy, memoryStore } from "@colloquy/core";
import { sqliteStore } from "@colloquy/store-sqlite";
import { wasender } from "@colloquy/wasender";
import qrcode from "qrcode-terminal";
import { emulatedAccount } from "./emulated.js";

// For the real service: const account = { personalAccessToken: process.env["WASENDER_PERSONAL_ACCESS_TOKEN"] ?? "" };
const { account, stop } = await emulatedAccount();

// With a file the session outlives this process: the next one attaches to it without a new code.
const file = process.env["COLLOQUY_STORE"];
const colloquy = createColloquy({ providers: [wasender(account)], store: file ? sqliteStore(file) : memoryStore() });
const shop = await colloquy.sessions.create("wasender", { name: "Shop", phoneNumber: "+15550100" });

for await (const challenge of shop.pair()) {
  qrcode.generate(challenge.artefact, { small: true });
  const seconds = Math.round((challenge.expiresAtMs - Date.now()) / 1000);
  console.log(`Code ${challenge.attempt} of ${challenge.of}: scan it within ${seconds} s.`);
}
const { identity, provenAtMs } = shop.snapshot;
console.log(
  `Connected, proven ${new Date(provenAtMs ?? 0).toISOString()}, account ending in ${identity?.id.slice(-2)}.`,
);

await colloquy.shutdown();
await stop();
