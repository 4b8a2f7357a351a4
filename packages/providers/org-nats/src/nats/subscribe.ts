import type { Msg, NatsConnection, Subscription } from "@nats-io/transport-node";
import { natsFailure } from "./failure.js";

/**
 * Subscribes and waits until the server has it, so that nothing published after that is missed. A refusal arrives beside the
 * acknowledgement, not instead of it, so both are listened to. Rejects with `PERMISSION_DENIED`, or when there is no server.
 */
export async function subscribed(
  connection: NatsConnection,
  subject: string,
  onMessage: (message: Msg) => void,
): Promise<Subscription> {
  let refuse: (error: unknown) => void = () => {};
  const refused = new Promise<never>((_resolve, reject) => {
    refuse = reject;
  });
  refused.catch(() => {});
  try {
    const subscription = connection.subscribe(subject, {
      callback: (error, message) => (error ? refuse(error) : onMessage(message)),
    });
    void subscription.closed.then((reason) => {
      if (reason instanceof Error) refuse(reason);
    });
    await Promise.race([refused, connection.flush()]);
    // The refusal is sent before the acknowledgement, and handled in the same turn or the next.
    await Promise.race([refused, Promise.resolve()]);
    return subscription;
  } catch (error) {
    throw natsFailure(error, "subscribing");
  }
}
