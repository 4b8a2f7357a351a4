/** The whole life of a session, step by step: list, create, details, update, pair, status, key, disconnect, delete. */
import { createColloquy, isColloquyError, renderExplanation } from "@colloquy/core";
import { wasender } from "@colloquy/wasender";
import { emulatedAccount } from "./emulated.js";

// For the real service: const account = { personalAccessToken: process.env["WASENDER_PERSONAL_ACCESS_TOKEN"] ?? "" };
const { account, stop } = await emulatedAccount();

const colloquy = createColloquy({ providers: [wasender(account)] });
const api = colloquy.provider("wasender");

try {
  const before = await api.sessions.list();
  console.log(`1. The account has ${before.value.length} sessions.`);

  const session = await colloquy.sessions.create("wasender", { name: "Orchestrated", phoneNumber: "+15550100" });
  console.log(`2. Created session ${session.remoteId}.`);

  const details = await session.provider.sessions.get();
  console.log(`3. Details: "${details.value.name}" is ${details.value.status}.`);

  await session.provider.sessions.update({ name: "Orchestrated twice" });
  console.log("4. Renamed.");

  for await (const challenge of session.pair())
    console.log(`5. Code ${challenge.attempt} of ${challenge.of} is on show.`);
  console.log(`6. ${session.state}, proven at ${new Date(session.snapshot.provenAtMs ?? 0).toISOString()}.`);

  // Regenerating ends the old key at once, so it asks to be told that this is meant.
  if (process.env["REGENERATE_KEY"] === "yes") {
    await session.provider.sessions.regenerateKey({ oldKeyDies: true });
    console.log("7. The session key was replaced; Colloquy uses the new one from now on.");
  } else console.log("7. Key left as it is (set REGENERATE_KEY=yes to replace it).");

  console.log(`8. Logged out: ${await session.logout()}.`);
  console.log(`9. Deleted: ${await session.close()}.`);
  console.log(renderExplanation(await session.explain()));
} catch (error) {
  if (!isColloquyError(error)) throw error;
  console.error(`${error.code}: ${error.message} ${error.userAction ?? ""}`);
  process.exitCode = 1;
} finally {
  await colloquy.shutdown();
  await stop();
}
