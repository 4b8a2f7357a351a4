import { setTimeout as pause } from "node:timers/promises";
import { type Stage, sessionOf } from "./stage.js";

const deliveredStatus = 3;
const deliveredWithinMs = 2_000;
const lookEveryMs = 20;

/** Waits for the last deliveries and ends the session at the provider. */
export async function closeSession(stage: Stage): Promise<void> {
  const { narrator, emulator } = stage;
  narrator.section("The end");
  const giveUpAtMs = Date.now() + deliveredWithinMs;
  while (Date.now() < giveUpAtMs && emulator.wasender.sent.some(({ status }) => status < deliveredStatus))
    await pause(lookEveryMs);
  const state = await sessionOf(stage).close();
  stage.reception.hand(undefined);
  narrator.beat(`Closed at the provider: ${state}.`);
}
