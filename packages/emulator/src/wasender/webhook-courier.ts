import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { EmulatorClock, Timers } from "../clock.js";
import type { DeliveryView } from "./views.js";

/** One envelope on its way to a receiver. */
export interface Parcel {
  sessionId: number;
  event: string;
  url: string;
  body: unknown;
  /** Null leaves the header out. */
  signature: string | null;
  forged: boolean;
}

/** Carries parcels: in order per session unless their delays differ, one attempt each, like the provider. */
export interface WebhookCourier {
  readonly deliveries: DeliveryView[];
  send(parcel: Parcel, delayMs: number): void;
  /** Resolves when nothing that has left is still waiting for its receiver. */
  settled(): Promise<void>;
  /** Drops what is under way and forgets what was delivered. */
  forget(): void;
}

/** A receiver that says nothing for so long is given up. ASSUMED: the provider does not publish its timeout. */
const receiverTimeoutMs = 10_000;

export function createWebhookCourier(clock: EmulatorClock, timers: Timers): WebhookCourier {
  const deliveries: DeliveryView[] = [];
  const queues = new Map<number, Promise<void>>();
  let stop = new AbortController();

  const deliver = async (parcel: Parcel, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return;
    const { sessionId, event, url, body, signature, forged } = parcel;
    const delivery: DeliveryView = { event, sessionId, url, status: null, atMs: clock.now(), body, signature, forged };
    deliveries.push(delivery);
    delivery.status = await post(parcel, signal);
  };

  return {
    deliveries,
    send(parcel, delayMs) {
      timers.after(delayMs, () => {
        const { signal } = stop;
        const before = queues.get(parcel.sessionId) ?? Promise.resolve();
        queues.set(
          parcel.sessionId,
          before.then(() => deliver(parcel, signal)),
        );
      });
    },
    async settled() {
      await Promise.all(queues.values());
    },
    forget() {
      stop.abort();
      stop = new AbortController();
      queues.clear();
      deliveries.length = 0;
    },
  };
}

/** The receiver's HTTP status, or null. Its own socket each time: nothing is kept alive behind the caller's back. */
function post(parcel: Parcel, signal: AbortSignal): Promise<number | null> {
  const text = JSON.stringify(parcel.body);
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text)),
    ...(parcel.signature === null ? {} : { "x-webhook-signature": parcel.signature }),
    "user-agent": "wasender-webhook",
  };
  return new Promise((resolve) => {
    const open = parcel.url.startsWith("https:") ? httpsRequest : httpRequest;
    try {
      const outgoing = open(parcel.url, { method: "POST", headers, agent: false, signal, timeout: receiverTimeoutMs });
      outgoing.on("response", (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode ?? null);
      });
      outgoing.on("timeout", () => outgoing.destroy());
      outgoing.on("error", () => resolve(null));
      outgoing.on("close", () => resolve(null));
      outgoing.end(text);
    } catch {
      // An address that Node will not even try, such as an unknown scheme.
      resolve(null);
    }
  });
}
