/** Makes a group, adds people one of whom cannot be added, gives a role, and lists all groups page by page. */
import { createColloquy } from "@colloquy/core";
import { roleOutcomes, wasender } from "@colloquy/wasender";
import { emulatedAccount } from "./emulated.js";
import { pairedSession } from "./paired-session.js";

// For the real service: const account = { personalAccessToken: process.env["WASENDER_PERSONAL_ACCESS_TOKEN"] ?? "" };
const { account, stop } = await emulatedAccount({ unknownNumbers: ["15550199"] });

const colloquy = createColloquy({ providers: [wasender(account)] });
const shop = await colloquy.sessions.attach("wasender", await pairedSession(account));
await shop.start();
await shop.waitFor("connected", { timeoutMs: 30_000 });
const { groups } = shop.provider;

const { value: group } = await groups.create({ name: "Neighbours" });
console.log(`Made "${group.subject}".`);

// The call succeeds although one of them cannot be added: each outcome is told by itself.
const added = await groups.add({ group: group.jid, participants: ["+15550101", "+15550102", "+15550199"] });
for (const { jid, succeeded, message } of added.value)
  console.log(`${succeeded ? "Added" : "Not added"} (…${jid.split("@")[0]?.slice(-2)}): ${message}.`);

const asked = ["+15550101", "+15550199"];
const promoted = await groups.setRole({ group: group.jid, action: "promote", participants: asked });
for (const { jid, succeeded } of roleOutcomes(asked, promoted.value.participants))
  console.log(`${succeeded ? "Promoted" : "Not promoted"} (…${jid.split("@")[0]?.slice(-2)}).`);

await groups.update({ group: group.jid, description: "About the street", announce: true });
await groups.remove({ group: group.jid, participants: ["+15550102"] });
const { value: people } = await groups.participants({ group: group.jid });
console.log(`${people.length} people are in it: ${people.map(({ role }) => role).join(", ")}.`);

let count = 0;
for await (const _each of groups.page.each({ perPage: 2 })) count += 1;
console.log(`The account is in ${count} groups.`);

await colloquy.shutdown();
await stop();
