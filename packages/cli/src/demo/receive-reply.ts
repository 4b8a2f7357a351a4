import { remoteNumberOf, type Stage, sessionOf } from "./stage.js";

/** A customer answers; the provider posts a webhook, the SDK verifies and stores it, and the application reads it. */
export async function receiveReply(stage: Stage): Promise<void> {
  const { narrator, context, emulator, ledger } = stage;
  const session = sessionOf(stage);
  narrator.section("A customer answers, by webhook");
  const events = session.events({ types: ["message.received"], signal: context.signal });
  emulator.wasender.receive(remoteNumberOf(stage), { from: "+15550101", text: "Thank you!", name: "Ada" });
  for await (const event of events) {
    if (event.type !== "message.received") continue;
    const { from, text } = event.message;
    ledger.received += 1;
    const sender = context.output.address(from.phone ?? from.id);
    // The text is the demo's own, so it may be shown.
    narrator.beat(
      `${from.displayName ?? "Somebody"} (${sender}) writes: "${text}". Its signature was checked before it was believed.`,
    );
    break;
  }
}
