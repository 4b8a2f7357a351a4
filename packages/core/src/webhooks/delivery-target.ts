import type { InstantMs, RawDelivery, ReceiveFacet, SessionId } from "../contract/index.js";
import type { QueuedInbox } from "./event-queue.js";
import { createIdentityBook } from "./identity-book.js";
import type { DeliveryVerdict } from "./verdict.js";
import type { WebhookEvent } from "./webhook-event.js";
import type { WebhookInbox } from "./webhook-inbox.js";
import type { WebhookSession } from "./webhook-session.js";

/** Where one delivery goes: a session, or an inbox of the caller's. The rest of the handler knows no difference. */
export interface DeliveryTarget extends QueuedInbox {
  readonly sessionId?: SessionId;
  /** Whether what does not fit in memory is safe in the inbox, to be handled later. */
  readonly keepsUnhandled: boolean;
  /** Checks against the secret that is stored here. */
  verify(delivery: RawDelivery): Promise<DeliveryVerdict>;
  /** Stores, and returns what was new. */
  accept(delivery: RawDelivery, atMs: InstantMs): Promise<readonly WebhookEvent[]>;
}

export function sessionTarget({ id, inbox }: WebhookSession): DeliveryTarget {
  return {
    sessionId: id,
    keepsUnhandled: true,
    verify: (delivery) => inbox.verify(delivery),
    accept: (delivery) => inbox.accept(delivery),
    settle: (occurrenceIds) => inbox.settle(occurrenceIds),
    unhandled: (query) => inbox.unhandled(query),
  };
}

export function inboxTarget(facet: ReceiveFacet, inbox: WebhookInbox): DeliveryTarget {
  const identities = createIdentityBook();
  return {
    keepsUnhandled: inbox.unhandled !== undefined && inbox.settle !== undefined,
    verify: async () => "no_secret",
    accept: async (delivery, atMs) => {
      const { events } = facet.read(delivery, { identities, hasSession: false, receivedAtMs: atMs });
      return inbox.add(events.map((event) => ({ ...event, atMs })));
    },
    settle: async (occurrenceIds) => inbox.settle?.(occurrenceIds),
    unhandled: async (query) => (await inbox.unhandled?.(query)) ?? [],
  };
}
