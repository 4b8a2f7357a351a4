import { createHash } from "node:crypto";
import type { ProviderEvent, ReadDelivery } from "@colloquy/core/contract";
import { readInbound } from "./events/inbound.js";
import { readProgress } from "./events/progress.js";
import { readSessionEvent } from "./events/session.js";
import { isRecord, type JsonRecord, textAt } from "./json.js";

/** One webhook as its readers see it. */
export interface Envelope {
  readonly event: string;
  readonly data: unknown;
  /** As on the wire: seconds or milliseconds. */
  readonly timestamp: unknown;
  /** The whole delivery without the session's API key, which the provider puts into it. */
  readonly raw: JsonRecord;
  /** An event without a common word, for this delivery or one part of it. */
  readonly other: (part?: number) => ProviderEvent;
}

/** What one delivery holds. Total: whatever the bytes are, they become events, never an error. */
export function readEnvelope(body: Uint8Array): ReadDelivery {
  const digest = createHash("sha256").update(body).digest("hex").slice(0, 32);
  const parsed = parse(body);
  const event = isRecord(parsed) ? textAt(parsed, "event")?.slice(0, 100) : undefined;
  if (!isRecord(parsed) || event === undefined)
    return {
      events: [
        {
          type: "provider",
          occurrenceId: `unreadable:${digest}`,
          name: "unreadable",
          raw: { byteLength: body.byteLength },
        },
      ],
      signals: [],
    };
  const raw = withoutSessionKey(parsed);
  // The envelope names no id. Its bytes hold its instant, so the same bytes are the same occurrence delivered again.
  const other = (part?: number): ProviderEvent => ({
    type: "provider",
    occurrenceId: `${event}:${digest}${part === undefined ? "" : `:${part}`}`,
    name: event,
    raw,
  });
  const envelope: Envelope = { event, data: parsed["data"], timestamp: parsed["timestamp"], raw, other };
  return readSessionEvent(envelope) ?? { events: eventsOf(envelope), signals: [] };
}

function eventsOf(envelope: Envelope): readonly ProviderEvent[] {
  const events = readInbound(envelope) ?? readProgress(envelope) ?? [];
  return events.length === 0 ? [envelope.other()] : events;
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** `sessionId`, and `session_id` inside the data, hold the session's API key. */
function withoutSessionKey(envelope: JsonRecord): JsonRecord {
  const hidden = (fields: JsonRecord, key: string): JsonRecord =>
    Object.hasOwn(fields, key) ? { ...fields, [key]: "[redacted]" } : fields;
  const { data } = envelope;
  const cleaned = hidden(hidden(envelope, "sessionId"), "session_id");
  return isRecord(data) ? { ...cleaned, data: hidden(hidden(data, "session_id"), "sessionId") } : cleaned;
}
