/** Sends many messages with a progress bar. Every limit is kept by itself, and one that fails does not stop the others. */
import { createColloquy, type SendResult } from "@colloquy/core";
import { wasender } from "@colloquy/wasender";
import { Presets, SingleBar } from "cli-progress";
import { emulatedAccount } from "./emulated.js";
import { pairedSession } from "./paired-session.js";

// For the real service: const account = { personalAccessToken: process.env["WASENDER_PERSONAL_ACCESS_TOKEN"] ?? "" };
const { account, stop } = await emulatedAccount();

// The emulator's account protection is quicker than the real one (5 s); leave `limits` out with the real service.
const colloquy = createColloquy({ providers: [wasender({ ...account, limits: { accountProtectionWindowMs: 300 } })] });
const shop = await colloquy.sessions.attach("wasender", await pairedSession(account, { accountProtection: true }));
await shop.start();
await shop.waitFor("connected", { timeoutMs: 30_000 });

// Ids of your own: after a crash the same call goes on, and nobody gets a message twice.
const messages = Array.from({ length: 8 }, (_, index) => ({
  id: `campaign-1/${index}`,
  to: `+155501${String(index).padStart(2, "0")}`,
  text: "We are open again",
  priority: "bulk" as const,
}));

const bar = new SingleBar({ format: "{bar} {value}/{total} {state}", noTTYOutput: true }, Presets.shades_classic);
bar.start(messages.length, 0, { state: "" });
const fates: SendResult[] = [];
for await (const result of shop.sendAll(messages)) {
  fates.push(result);
  bar.increment(1, { state: result.state });
}
bar.stop();

const sent = fates.filter(({ state }) => state === "sent");
console.log(`${sent.length} of ${messages.length} were sent.`);
for (const fate of fates) if (fate.state !== "sent") console.log(`${fate.id}: ${fate.state}`);

await colloquy.shutdown();
await stop();
