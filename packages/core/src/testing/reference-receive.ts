import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type {
  DeliveryStatus,
  InboundMessage,
  ProviderEvent,
  RawDelivery,
  ReadDelivery,
  ReceiveFacet,
} from "../contract/index.js";

type Fields = Readonly<Record<string, unknown>>;

const deliveryStatuses: readonly DeliveryStatus[] = ["failed", "pending", "sent", "delivered", "read", "played"];

/** The signature that the reference service puts on a delivery: HMAC-SHA256 over the exact bytes, in hex. */
export function signReference(body: Uint8Array, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

export const referenceReceive: ReceiveFacet = {
  secretName: "signing_secret",
  verify(delivery, secrets) {
    const secret = secrets["signing_secret"];
    if (!secret) return false;
    const expected = Buffer.from(signReference(delivery.body, secret));
    const given = Buffer.from(delivery.headers["reference-signature"] ?? "");
    return given.length === expected.length && timingSafeEqual(given, expected);
  },
  read(delivery) {
    const raw = parse(delivery);
    const { id, type, data } = fieldsOf(raw);
    if (typeof id !== "string" || id === "" || typeof type !== "string") return only(unreadable(delivery, raw));
    const fields = fieldsOf(data);
    if (type === "session") return session(id, fields, raw);
    const event =
      type === "message" ? message(id, fields, raw) : type === "receipt" ? receipt(id, fields, raw) : undefined;
    return only(event ?? { type: "provider", occurrenceId: id, name: type, raw });
  },
};

function session(id: string, { status, account }: Fields, raw: unknown): ReadDelivery {
  const event: ProviderEvent = { type: "provider", occurrenceId: id, name: "session", raw };
  if (typeof status !== "string") return only(event);
  const identity = typeof account === "string" && account !== "" ? { identity: { id: account } } : {};
  return { events: [event], signals: [{ source: "event", word: status, ...identity }] };
}

function message(id: string, fields: Fields, raw: unknown): ProviderEvent | undefined {
  const { message_id, chat, from, name, text, at } = fields;
  if (typeof message_id !== "string" || typeof chat !== "string" || typeof from !== "string") return undefined;
  const inbound: InboundMessage = {
    providerMessageId: message_id,
    chatId: chat,
    from: { id: from, ...(typeof name === "string" ? { displayName: name } : {}) },
    kind: typeof text === "string" ? "text" : "unknown",
    ...(typeof text === "string" ? { text } : {}),
    ...(typeof at === "number" && Number.isFinite(at) ? { sentAtMs: at } : {}),
  };
  return { type: "message.received", occurrenceId: id, message: inbound, raw };
}

function receipt(id: string, { message_id, status, reason }: Fields, raw: unknown): ProviderEvent | undefined {
  const known = deliveryStatuses.find((candidate) => candidate === status);
  if (typeof message_id !== "string" || known === undefined) return undefined;
  const why = typeof reason === "string" ? { reason } : {};
  return { type: "message.status", occurrenceId: id, messageKey: message_id, status: known, ...why, raw };
}

/** Kept under the hash of its bytes, so that the same bytes twice are one occurrence. */
function unreadable(delivery: RawDelivery, raw: unknown): ProviderEvent {
  const hash = createHash("sha256").update(delivery.body).digest("hex").slice(0, 32);
  return { type: "provider", occurrenceId: `unreadable:${hash}`, name: "unreadable", raw };
}

function only(event: ProviderEvent): ReadDelivery {
  return { events: [event], signals: [] };
}

function parse(delivery: RawDelivery): unknown {
  const text = new TextDecoder().decode(delivery.body);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
