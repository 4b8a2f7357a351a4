import type { ProviderEvent, ReadContext, ReadDelivery } from "@colloquy/core/contract";
import { digestOf, type Envelope, keptText, openBytes } from "./events/envelope.js";
import { readInbound } from "./events/inbound.js";
import { readProgress } from "./events/progress.js";
import { readSessionEvent } from "./events/session.js";

/** What one delivery holds. Total: whatever the bytes are, they become events, never an error, and all of them are kept. */
export function readDelivery(body: Uint8Array, context: ReadContext = {}): ReadDelivery {
  const { identities, hasSession = true, receivedAtMs } = context;
  const envelope = openBytes(body);
  if (!envelope) {
    const unreadable = { type: "provider", name: "unreadable", raw: keptText(body) } as const;
    return { events: [{ ...unreadable, occurrenceId: `unreadable:${digestOf(body)}` }], signals: [] };
  }
  const { event, raw } = envelope;
  // The envelope names no id. Its bytes hold its instant, so the same bytes are the same occurrence delivered again.
  const occurrenceId = (): string => `${event}:${digestOf(body)}`;
  const other = (id: string): ProviderEvent => ({ type: "provider", occurrenceId: id, name: event, raw });
  const ofSession = readSessionEvent(envelope, occurrenceId);
  if (ofSession && hasSession) return ofSession;
  // Undated, a session that is connected for the second time is told in the same bytes as the first time.
  if (ofSession)
    return { events: [other(datedId(occurrenceId(), envelope, receivedAtMs))], signals: ofSession.signals };
  const { events, isWhole } = readInbound(envelope, identities) ?? readProgress(envelope, identities) ?? unread;
  return { events: isWhole ? events : [...events, other(occurrenceId())], signals: [] };
}

/** When the delivery was sent, if it tells. */
export function deliveryAtMs(body: Uint8Array): number | undefined {
  return openBytes(body)?.atMs;
}

const unread = { events: [], isWhole: false } as const;

const datedId = (id: string, { atMs }: Envelope, receivedAtMs: number | undefined): string =>
  atMs === undefined && receivedAtMs !== undefined ? `${id}:${receivedAtMs}` : id;
