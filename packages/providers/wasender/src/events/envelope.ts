import { isRecord, type JsonRecord, textAt } from "../json.js";
import { hex, sha256 } from "../sha256.js";
import { unixInstantMs } from "../timestamps.js";

/** One delivery, opened. */
export interface Envelope {
  readonly event: string;
  readonly data: unknown;
  /** When it was sent, if it tells. */
  readonly atMs?: number;
  /**
   * The whole delivery without the session's API key, which the provider puts into it. One that nests deeper than stores can
   * keep is given as its text.
   */
  readonly raw: JsonRecord;
}

/** Kept of what is no envelope, and of one that nests too deep. */
interface KeptText {
  readonly byteLength: number;
  /** The body as text; session keys are taken out. */
  readonly text?: string;
  /** The body in hexadecimal digits, where it is no text. */
  readonly hex?: string;
}

/** Real deliveries nest about ten deep; stores copy by recursion, which some thousands would break. */
const deepestNesting = 200;
const longestName = 100;

/** Undefined when the bytes are no envelope: no JSON, no object, no event name. */
export function openBytes(body: Uint8Array): Envelope | undefined {
  const value = parse(new TextDecoder().decode(body));
  const envelope = openValue(value);
  if (!envelope || !nestsDeeperThan(value, deepestNesting)) return envelope;
  return { ...envelope, raw: { event: envelope.event, ...keptText(body) } };
}

/** The same for an envelope that is parsed already, also for one that `openBytes` kept as text. */
export function openValue(value: unknown): Envelope | undefined {
  const event = textAt(value, "event")?.slice(0, longestName);
  if (!isRecord(value) || event === undefined) return undefined;
  const kept = Object.hasOwn(value, "byteLength") ? textAt(value, "text") : undefined;
  const fields = kept === undefined ? value : parse(kept);
  const atMs = isRecord(fields) ? unixInstantMs(fields["timestamp"]) : undefined;
  return {
    event,
    data: isRecord(fields) ? fields["data"] : undefined,
    ...(atMs === undefined ? {} : { atMs }),
    raw: withoutSessionKey(value),
  };
}

/** The bytes as they can be stored. */
export function keptText(body: Uint8Array): KeptText {
  const { byteLength } = body;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return { byteLength, text: text.replace(/[0-9a-f]{64}/gi, "[redacted]") };
  } catch {
    return { byteLength, hex: hex(body) };
  }
}

/** Stands for the bytes in an occurrence id: 128 bits, so two deliveries never share one by chance. */
export function digestOf(body: Uint8Array): string {
  return hex(sha256(body).subarray(0, 16));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
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

/** Without recursion, which is what it is there to prevent. */
function nestsDeeperThan(value: unknown, most: number): boolean {
  const left: { readonly value: object; readonly depth: number }[] = [];
  const look = (found: unknown, depth: number): void => {
    if (typeof found === "object" && found !== null) left.push({ value: found, depth });
  };
  look(value, 1);
  for (let next = left.pop(); next; next = left.pop()) {
    if (next.depth > most) return true;
    for (const inner of Object.values(next.value)) look(inner, next.depth + 1);
  }
  return false;
}
