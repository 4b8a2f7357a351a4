import { createWebhookHandler, memoryInbox, type WebhookEvent } from "@colloquy/core/webhooks";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readWasenderEvent, wasender } from "../../src/index.js";
import { webhookEvents } from "../../src/wire-types.js";
import { delivery, fixture } from "../support/wire.js";

const { receive } = wasender().facets;
const webhooks = fixture("webhooks") as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const secret = "made-up-secret";

/** The events of one body after the whole way through a handler, and its answer. */
async function received(body: string | Uint8Array): Promise<{ status: number; events: readonly WebhookEvent[] }> {
  const inbox = memoryInbox();
  const handler = createWebhookHandler(wasender(), { secret, inbox });
  const headers = { "x-webhook-signature": secret };
  const { status } = await handler(
    new Request("http://receiver.test/", { method: "POST", headers, body: body as string }),
  );
  return { status, events: (await inbox.unhandled?.({ untilAtMs: Number.POSITIVE_INFINITY, limit: 1e6 })) ?? [] };
}

/** Every place in a value, as the keys that lead to it. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([key, one]) => placesIn(one, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  if (by === undefined && rest.length === 0) delete copy[key];
  else copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const strange = [
  undefined,
  null,
  0,
  -1,
  1e308,
  "",
  "x",
  true,
  [],
  {},
  [[]],
  [null],
  { length: 5 },
  "99999999999999999999",
];

describe("hostile deliveries", () => {
  it.each(Object.keys(webhooks))(
    "of %s with any one part missing or of another type are kept and never throw",
    (name) => {
      const envelope = webhooks[name];
      for (const path of placesIn(envelope))
        for (const by of strange) {
          const bytes = new TextEncoder().encode(JSON.stringify(replaced(envelope, path, by)) ?? "");
          expect(typeof readWasenderEvent(bytes).event).toBe("string");
          const events = receive?.read({ headers: {}, body: bytes }, { hasSession: false }).events ?? [];
          const isKept = events.every(({ occurrenceId, raw }) => occurrenceId.length < 1_000 && raw !== undefined);
          expect(isKept && events.length > 0).toBe(true);
        }
    },
  );

  it("of any JSON under any documented name are kept whole by one of their events", () => {
    fc.assert(
      fc.property(fc.constantFrom(...webhookEvents), fc.jsonValue({ maxDepth: 6 }), (event, data) => {
        for (const shaped of [data, { messages: data }, { keys: data }, { call: data }, [data, data], { key: data }]) {
          const envelope = { event, timestamp: 1_753_700_391, data: shaped };
          const { events } = receive?.read(delivery(envelope), { hasSession: false }) ?? { events: [] };
          const whole = events.some(({ raw }) => JSON.stringify(raw) === JSON.stringify(envelope));
          expect(whole).toBe(true);
          expect(readWasenderEvent(envelope).raw).toEqual(envelope);
        }
      }),
    );
  });

  it("of any bytes are kept whole", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (body) => {
        const event = readWasenderEvent(body);
        fc.pre(event.event === "unknown" && event.name === "unreadable");
        const { text, hex } = event.raw as { readonly text?: string; readonly hex?: string };
        const kept = text === undefined ? Buffer.from(hex ?? "", "hex") : Buffer.from(text, "utf8");
        expect(new Uint8Array(kept)).toEqual(body);
      }),
    );
  });

  it("of any text for an address or an id never throw, and never make a number of what is none", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (id, remoteJid, senderPn, participant) => {
        const key = { id, remoteJid, senderPn, cleanedSenderPn: senderPn, participant, fromMe: false };
        const event = readWasenderEvent({ event: "messages.received", data: { messages: { key, message: {} } } });
        const from = event.event === "messages.received" ? event.data.messages[0]?.from : undefined;
        if (from?.phone !== undefined) expect(from.phone).toMatch(/^\+[1-9]\d{6,14}$/);
      }),
    );
  });

  it("of 10 MB are read, stored and answered", async () => {
    const text = "x".repeat(10_000_000);
    const key = { id: "LARGE", fromMe: false, remoteJid: "15550101@s.whatsapp.net" };
    const message = { event: "messages.received", data: { messages: { key, message: { conversation: text } } } };
    const one = await received(JSON.stringify(message));
    expect(one).toMatchObject({ status: 200, events: [{ type: "message.received" }] });
    expect(one.events[0]?.type === "message.received" && one.events[0].message.text?.length).toBe(10_000_000);
    const unread = await received(text);
    expect(unread).toMatchObject({ status: 200, events: [{ name: "unreadable", raw: { byteLength: 10_000_000 } }] });
  }, 30_000);

  it("of a hundred thousand parts that cannot be read are one event", async () => {
    for (const event of ["messages.upsert", "messages.update", "contacts.upsert"]) {
      const { status, events } = await received(`{"event":"${event}","data":[${"null,".repeat(99_999)}null]}`);
      expect([status, events.length]).toEqual([200, 1]);
    }
  });

  it("of many messages keep each message once, and not the whole list beside each", async () => {
    const messages = Array.from({ length: 1_000 }, (_unused, place) => ({
      key: { id: `M${place}`, fromMe: false, remoteJid: "15550101@s.whatsapp.net" },
      message: { conversation: "x".repeat(1_000) },
    }));
    const body = JSON.stringify({ event: "messages.upsert", timestamp: 1_753_700_391, data: { messages } });
    const { events } = await received(body);
    expect(events).toHaveLength(1_000);
    expect(JSON.stringify(events).length).toBeLessThan(4 * body.length);
    expect(readWasenderEvent(events[7] as WebhookEvent)).toMatchObject({ data: { messages: [{ key: { id: "M7" } }] } });
  });

  it.each([
    ["data", (deep: string) => `{"event":"messages.received","data":${deep}}`],
    ["an unknown event", (deep: string) => `{"event":"new.event","data":${deep}}`],
    ["the envelope itself", (deep: string) => deep],
    [
      "a message",
      (deep: string) =>
        `{"event":"messages.received","data":{"messages":{"key":{"id":"D","fromMe":false,"remoteJid":"15550101@s.whatsapp.net"},"message":${deep}}}}`,
    ],
  ])("that nest 10,000 deep in %s are kept as text that any store takes", async (_where, bodyOf) => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"ephemeralMessage":{"message":', "}}"],
    ] as const) {
      const body = bodyOf(`${open.repeat(10_000)}1${close.repeat(10_000)}`);
      const { status, events } = await received(body);
      expect([status, events.length]).toEqual([200, 1]);
      expect(events[0]?.raw).toMatchObject({ text: body });
      expect(JSON.stringify(events).length).toBeGreaterThan(body.length);
      expect(() => structuredClone(events)).not.toThrow();
      expect(typeof readWasenderEvent(events[0] as WebhookEvent).event).toBe("string");
    }
  });

  it("that nest deep still tell their message, also when read again from the store", async () => {
    const deep = `${'{"ephemeralMessage":{"message":'.repeat(5_000)}{}${"}}".repeat(5_000)}`;
    const key = `{"id":"D","fromMe":false,"remoteJid":"15550101@s.whatsapp.net"}`;
    const { events } = await received(
      `{"event":"messages.received","sessionId":"${"a1".repeat(32)}","data":{"messages":{"key":${key},"messageBody":"hi","message":${deep}}}}`,
    );
    expect(events).toMatchObject([{ type: "message.received", message: { text: "hi", from: { phone: "+15550101" } } }]);
    expect(JSON.stringify(events)).not.toContain("a1a1a1a1");
    expect(readWasenderEvent(events[0] as WebhookEvent)).toMatchObject({
      event: "messages.received",
      data: { messages: [{ text: "hi" }] },
    });
  });

  it("with ids longer than any real one are kept, and their ids make no keys", () => {
    const key = { id: "x".repeat(100_000), fromMe: false, remoteJid: "15550101@s.whatsapp.net" };
    const { events } = receive?.read(delivery({ event: "messages.received", data: { messages: { key } } })) ?? {
      events: [],
    };
    expect(events).toMatchObject([{ type: "provider", raw: { data: { messages: { key } } } }]);
    expect(events[0]?.occurrenceId.length).toBeLessThan(100);
  });
});
