import { setTimeout as pause } from "node:timers/promises";
import { qrMatrix, renderQr } from "../output/qr.js";
import { remoteNumberOf, type Stage } from "./stage.js";

/** Long enough to see the code. */
const scanAfterMs = 700;

const webhookEvents = ["session.status", "qrcode.updated", "messages.received", "message.sent", "messages.update"];

/** Makes a session with the account's token and links a phone to it. */
export async function pairByQr(stage: Stage): Promise<void> {
  const { narrator, context, colloquy, emulator, flags, webhooks } = stage;
  narrator.section("A session is created and paired");
  const session = await colloquy.sessions.create("wasender", {
    name: "Shop",
    phoneNumber: "+15550100",
    webhookUrl: webhooks.url,
    webhookEvents,
  });
  stage.session = session;
  stage.reception.hand(session);
  narrator.beat(`Created ${session.id}; the provider calls it ${session.remoteId}.`, { sessionId: session.id });
  const startedAtMs = Date.now();
  for await (const challenge of session.pair({ signal: context.signal })) {
    for (const line of renderQr(qrMatrix(challenge.artefact), "small").split("\n")) narrator.say(line);
    narrator.beat(`Code ${challenge.attempt} of ${challenge.of} is on show.`);
    if (flags.manual) narrator.say(`Scan it yourself: ${emulator.url}/wasender/pair/${session.remoteId}`);
    else void pause(scanAfterMs).then(() => scan(stage));
  }
  const account = context.output.address(session.snapshot.identity?.id);
  narrator.beat(`Connected as ${account}, proven by the provider, ${Date.now() - startedAtMs} ms after asking.`);
}

function scan(stage: Stage): void {
  stage.narrator.beat("A phone scans the code.");
  stage.emulator.wasender.scan(remoteNumberOf(stage));
}
