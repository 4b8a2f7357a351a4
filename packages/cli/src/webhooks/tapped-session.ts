import type { RawDelivery, WebhookSession } from "@colloquy/core";

/** The session as a listener needs it. `onTaken` hears of every delivery whose origin was checked, once it is stored. */
export function tappedSession(
  { id, inbox }: WebhookSession,
  onTaken: (delivery: RawDelivery, storedCount: number) => Promise<void>,
): WebhookSession {
  return {
    id,
    inbox: {
      verify: (delivery) => inbox.verify(delivery),
      unhandled: (query) => inbox.unhandled(query),
      settle: (occurrenceIds) => inbox.settle(occurrenceIds),
      async accept(delivery) {
        const fresh = await inbox.accept(delivery);
        await onTaken(delivery, fresh.length);
        return fresh;
      },
    },
  };
}
