import { setTimeout as pause } from "node:timers/promises";
import type { Narrator } from "./narrator.js";
import { type DemoSession, remoteNumberOf, type Stage, sessionOf } from "./stage.js";

const outageMs = 600;

/** The phone loses its network while a message is waiting. Nobody writes a line of code for what follows. */
export async function dropNetwork(stage: Stage): Promise<void> {
  const { narrator, emulator, ledger } = stage;
  const session = sessionOf(stage);
  narrator.section("The network drops and comes back");
  const stop = new AbortController();
  const told = tellStates(session, narrator, stop.signal);
  emulator.wasender.dropNetwork(remoteNumberOf(stage));
  narrator.beat("The phone lost its network. A message is sent all the same.");
  const message = { id: "outage-1", to: "+15550102", text: "Sent during the outage" };
  ledger.accept(message.id, message.text);
  const sending = session.send(message);
  await pause(outageMs);
  narrator.beat("The network is back.");
  emulator.wasender.restoreNetwork(remoteNumberOf(stage));
  const { providerMessageId } = await sending;
  ledger.settle({ id: message.id, state: "sent", providerMessageId });
  narrator.beat(`The waiting message was taken, as ${providerMessageId}; it was never lost and never sent twice.`);
  await session.waitFor("connected");
  stop.abort();
  await told;
}

async function tellStates(session: DemoSession, narrator: Narrator, signal: AbortSignal): Promise<void> {
  for await (const event of session.events({ types: ["state"], signal }))
    if (event.type === "state")
      narrator.beat(`${event.from} -> ${event.to}${event.reason === undefined ? "" : ` (${event.reason})`}`);
}
