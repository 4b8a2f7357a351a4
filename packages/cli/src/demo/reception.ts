import type { RawDelivery, Received, Session } from "@colloquy/core";

/** Takes webhooks for whichever process part runs the session now. While nobody does, deliveries wait unanswered. */
export interface Reception {
  receive(delivery: RawDelivery): Promise<Received>;
  /** From now on this handle receives; undefined: nobody does. */
  hand(session: Pick<Session, "receive"> | undefined): void;
  close(): void;
}

export function createReception(): Reception {
  let current: Pick<Session, "receive"> | undefined;
  let isClosed = false;
  let waiting: (() => void)[] = [];
  const wakeAll = (): void => {
    const awake = waiting;
    waiting = [];
    for (const wake of awake) wake();
  };
  return {
    async receive(delivery) {
      while (current === undefined) {
        if (isClosed) throw new Error("Nobody receives any more.");
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return current.receive(delivery);
    },
    hand(session) {
      current = session;
      wakeAll();
    },
    close() {
      isClosed = true;
      current = undefined;
      wakeAll();
    },
  };
}
