import type { RawDelivery, Received, Session } from "@colloquy/core";

/** Takes webhooks for whichever process part runs the session now. While nobody does, deliveries wait unanswered. */
export interface Reception {
  receive(delivery: RawDelivery): Promise<Received>;
  /** From now on this handle receives; undefined: nobody does. */
  hand(session: Pick<Session, "receive"> | undefined): void;
  close(): void;
}

export function createReception(): Reception {
  let current = createTurn();
  return {
    receive: async (delivery) => (await current.promise).receive(delivery),
    hand(session) {
      if (session === undefined) current = createTurn();
      else current.resolve(session);
    },
    close: () => current.reject(new Error("Nobody receives any more.")),
  };
}

type Receiver = Pick<Session, "receive">;

interface Turn {
  readonly promise: Promise<Receiver>;
  resolve(receiver: Receiver): void;
  reject(error: Error): void;
}

function createTurn(): Turn {
  let resolve: Turn["resolve"] = () => {};
  let reject: Turn["reject"] = () => {};
  const promise = new Promise<Receiver>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Nobody may be waiting when it is closed.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
