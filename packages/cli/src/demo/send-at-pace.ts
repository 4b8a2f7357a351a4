import { openProgress } from "../output/progress.js";
import { sendsPerSecond } from "../sending/pace.js";
import { createTally, fateOf } from "../sending/tally.js";
import { protectionWindowMs, type Stage, sessionOf, toldWindowMs } from "./stage.js";

const messageCount = 12;

/** Hands over a dozen messages at once; they leave as the limit of account protection allows. */
export async function sendAtPace(stage: Stage): Promise<void> {
  const { narrator, context, ledger } = stage;
  const session = sessionOf(stage);
  narrator.section(
    `Twelve messages at the pace of account protection (one in ${protectionWindowMs} ms here, 5 s for real)`,
  );
  narrator.say(`The SDK is told ${toldWindowMs} ms, for the jitter of a loaded machine.`);
  const messages = Array.from({ length: messageCount }, (_, index) => ({
    id: `pace-${index + 1}`,
    to: `+1555010${1 + (index % 3)}`,
    text: `Order ${index + 1} is on its way`,
  }));
  for (const { id, text } of messages) ledger.accept(id, text);
  const progress = await openProgress(context, messages.length, () => sendsPerSecond(session));
  const tally = createTally();
  const startedAtMs = Date.now();
  for await (const result of session.sendAll(messages)) {
    const fate = fateOf(result);
    ledger.settle(fate);
    progress.tick(tally.add(fate));
  }
  progress.close();
  const { sent } = tally.counts;
  narrator.beat(
    `${sent} of ${messageCount} taken in ${Date.now() - startedAtMs} ms; refused for their rate: ${stage.emulator.wasender.refusals}.`,
  );
}
