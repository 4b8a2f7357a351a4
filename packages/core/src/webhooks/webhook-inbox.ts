import type { InstantMs } from "../contract/index.js";
import type { WebhookEvent } from "./webhook-event.js";

/**
 * Where deliveries are kept until they are handled, for receivers without a session. A table with a unique
 * `occurrenceId` is enough. `add` alone will do; with the other two, what `onEvent` failed on comes again.
 */
export interface WebhookInbox {
  /**
   * Stores what is new by `occurrenceId`, all or none, and returns only that, in order. An occurrence is recognised also after
   * it was handled. When it throws, the delivery is answered with 503, so that the provider may try again.
   */
  add(events: readonly WebhookEvent[]): Promise<readonly WebhookEvent[]>;
  /** Marks as handled. */
  settle?(occurrenceIds: readonly string[]): Promise<void>;
  /** What arrived at `untilAtMs` or before and is not handled, oldest first, at most `limit`. */
  unhandled?(query: { readonly untilAtMs: InstantMs; readonly limit: number }): Promise<readonly WebhookEvent[]>;
}

/** ASSUMED: more than arrives between a delivery and its repetition. */
const mostOccurrences = 10_000;

/**
 * Keeps the newest `limit` occurrences (default 10,000) in this process and forgets the rest, and everything when the process
 * ends: what was answered with 200 and not yet handled is then lost. For trials, and where losing an event does no harm.
 */
export function memoryInbox(limit: number = mostOccurrences): WebhookInbox {
  /** What is handled keeps its place without its event. */
  const seen = new Map<string, WebhookEvent | undefined>();
  return {
    async add(events) {
      const fresh: WebhookEvent[] = [];
      for (const event of events) {
        if (seen.has(event.occurrenceId)) continue;
        seen.set(event.occurrenceId, event);
        fresh.push(event);
        const [oldest] = seen.keys();
        if (seen.size > limit && oldest !== undefined) seen.delete(oldest);
      }
      return fresh;
    },
    async settle(occurrenceIds) {
      for (const id of occurrenceIds) if (seen.has(id)) seen.set(id, undefined);
    },
    async unhandled({ untilAtMs, limit: most }) {
      const found: WebhookEvent[] = [];
      for (const event of seen.values()) {
        if (found.length >= most) break;
        if (event && event.atMs <= untilAtMs) found.push(event);
      }
      return found;
    },
  };
}
