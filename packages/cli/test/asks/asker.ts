// Asks one question, or goes on with it when an earlier process asked it, and says what was answered.
import { createColloquy, isColloquyError } from "@colloquy/core";
import { orgNats } from "@colloquy/org-nats";
import { sqliteStore } from "@colloquy/store-sqlite";
import { endWithParent } from "./ends-with-parent.js";
import type { AskerPlan } from "./plan.js";

endWithParent();

const { store, sessionsUrl, natsUrl, jetStream, askId, pollMs } = JSON.parse(process.argv[2] ?? "{}") as AskerPlan;
const colloquy = createColloquy({
  providers: [orgNats({ baseUrl: sessionsUrl, dialect: "repaired", pollMs, nats: { servers: natsUrl, jetStream } })],
  store: sqliteStore(store),
});
await colloquy.sessions.restore();
const [known] = await colloquy.asks.list();
const ask = known === undefined ? await asked() : await colloquy.asks.resume(askId);
console.log("asked");
try {
  console.log(`answered ${JSON.stringify(await ask.answer)}`);
} catch (error) {
  console.log(isColloquyError(error) ? error.code : String(error));
}
await colloquy.shutdown();

async function asked(): ReturnType<typeof colloquy.asks.resume> {
  const session = await colloquy.sessions.create("org-nats", { receptionChannelId: "human" });
  await session.start();
  await session.waitFor("waiting", { timeoutMs: 20_000 });
  return session.ask({ id: askId, text: "May we?" });
}
