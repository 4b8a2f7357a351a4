import type { WebhookSession } from "@colloquy/core";

/** Takes webhooks for whichever process part runs the session now. While nobody does, deliveries wait unanswered. */
export interface Reception {
  /** The handle that receives now, or the next one. */
  session(): Promise<WebhookSession>;
  /** From now on this handle receives; undefined: nobody does. */
  hand(session: WebhookSession | undefined): void;
  close(): void;
}

export function createReception(): Reception {
  let current = createTurn();
  return {
    session: () => current.promise,
    hand(session) {
      if (session === undefined) current = createTurn();
      else current.resolve(session);
    },
    close: () => current.reject(new Error("Nobody receives any more.")),
  };
}

interface Turn {
  readonly promise: Promise<WebhookSession>;
  resolve(session: WebhookSession): void;
  reject(error: Error): void;
}

function createTurn(): Turn {
  let resolve: Turn["resolve"] = () => {};
  let reject: Turn["reject"] = () => {};
  const promise = new Promise<WebhookSession>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Nobody may be waiting when it is closed.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
