import { isColloquyError, type MessageId } from "../contract/index.js";
import type { SendResult, SentMessage } from "./sent-message.js";
import { createStream } from "./stream.js";

/** Each message's fate, in the order in which they settle. */
export async function* asTheySettle(
  accepted: readonly { readonly id: MessageId; readonly settled: Promise<SentMessage> }[],
): AsyncGenerator<SendResult, void, void> {
  const results = createStream<SendResult>();
  for (const { id, settled } of accepted)
    settled.then(
      (sent) => results.push({ id, state: "sent", sent }),
      (error: unknown) => results.push({ id, state: fateOf(error), error }),
    );
  for (let left = accepted.length; left > 0; left--) {
    const { value } = await results.next();
    yield value as SendResult;
  }
}

function fateOf(error: unknown): Exclude<SendResult["state"], "sent"> {
  if (!isColloquyError(error)) return "cancelled";
  if (error.code === "SHUT_DOWN") return "queued";
  return error.outcome === "unknown" ? "unknown" : "failed";
}
