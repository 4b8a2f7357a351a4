import type { ProviderEvent } from "@colloquy/core/contract";
import { createIdentityBook, createWebhookHandler, type WebhookEvent } from "@colloquy/core/webhooks";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { receiveFacet } from "../../src/facets/receive.js";
import { wasender } from "../../src/index.js";
import { delivery, fixture } from "../support/wire.js";

const addressing = fixture("webhook-addressing") as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const idsOf = (events: readonly ProviderEvent[]): ReadonlySet<string> =>
  new Set(events.map(({ occurrenceId }) => occurrenceId));
const read = (envelope: unknown): readonly ProviderEvent[] => receiveFacet.read(delivery(envelope)).events;

describe("one message", () => {
  it("is one event, whether it is addressed by number, by device or by LID", () => {
    const events = Object.values(addressing).flatMap(read);
    expect(events.map(({ type }) => type)).toEqual(Object.keys(addressing).map(() => "message.received"));
    expect(idsOf(events).size).toBe(1);
  });

  it("is one event under its three names, in every order, for whichever sender and way of writing", () => {
    const names = fc.shuffledSubarray(["messages.received", "messages-personal.received", "messages.upsert"], {
      minLength: 3,
    });
    const digits = fc.stringMatching(/^[1-9]\d{7,13}$/);
    const way = fc.record({
      byLid: fc.boolean(),
      tellsBoth: fc.boolean(),
      isList: fc.boolean(),
      at: fc.constantFrom(1, "1", { low: 1, high: 0 }),
    });
    fc.assert(
      fc.property(
        names,
        fc.string({ minLength: 8, maxLength: 20 }),
        digits,
        digits,
        fc.array(way, { minLength: 3, maxLength: 3 }),
        (order, id, pn, lid, ways) => {
          const events = order.flatMap((event, place) => {
            const { byLid, tellsBoth, isList, at } = ways[place] as (typeof ways)[number];
            const both = tellsBoth ? { senderPn: `${pn}@s.whatsapp.net`, senderLid: `${lid}@lid` } : {};
            const key = {
              id: `3EB0${id}`,
              fromMe: false,
              remoteJid: byLid ? `${lid}@lid` : `${pn}@s.whatsapp.net`,
              ...both,
            };
            const message = { key, message: { conversation: "x" }, messageTimestamp: at };
            return read({ event, data: { messages: isList ? [message] : message } });
          });
          expect(idsOf(events).size).toBe(1);
        },
      ),
    );
  });

  it("is another event than one with another id, another chat of many, or of our own", () => {
    const keys = [
      { id: "A", remoteJid: "15550101@s.whatsapp.net", fromMe: false },
      { id: "B", remoteJid: "15550101@s.whatsapp.net", fromMe: false },
      { id: "A", remoteJid: "120363000000000001@g.us", fromMe: false },
      { id: "A", remoteJid: "120363000000000002@g.us", fromMe: false },
      { id: "A", remoteJid: "120363000000000009@newsletter", fromMe: false },
      { id: "A", remoteJid: "15550101@s.whatsapp.net", fromMe: true },
    ];
    const events = keys.flatMap((key) =>
      read({ event: "messages.upsert", data: { messages: [{ key, message: {} }] } }),
    );
    expect(idsOf(events).size).toBe(keys.length);
  });

  it("that was edited is one event, too, under every name", () => {
    const { data } = (fixture("webhooks") as Record<string, { data: unknown }>)["messages.upsert of an edit"] ?? {};
    const events = ["messages.upsert", "messages.received"].flatMap((event) =>
      read({ event, timestamp: 1_753_700_391 + event.length, data }),
    );
    expect(idsOf(events).size).toBe(1);
  });

  it("is handled once when all its deliveries come at the same time", async () => {
    const handled: WebhookEvent[] = [];
    const secret = "made-up-secret";
    const handler = createWebhookHandler(wasender(), { secret, onEvent: (event) => void handled.push(event) });
    const answers = await Promise.all(
      [...Object.values(addressing), ...Object.values(addressing)].map((envelope) =>
        handler(
          new Request("http://receiver.test/", {
            method: "POST",
            headers: { "x-webhook-signature": secret },
            body: JSON.stringify(envelope),
          }),
        ),
      ),
    );
    await handler.idle();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(handled).toHaveLength(1);
  });

  it("gets the number that an earlier one told, under the same occurrence id", () => {
    const identities = createIdentityBook();
    const alone = delivery(addressing["by LID alone"]);
    const before = receiveFacet.read(alone, { identities }).events[0];
    receiveFacet.read(delivery(addressing["by number"]), { identities });
    const after = receiveFacet.read(alone, { identities }).events[0];
    expect(before).toMatchObject({ message: { from: { id: "99000000000001@lid", lid: "99000000000001@lid" } } });
    expect(before?.type === "message.received" && before.message.from.phone).toBeUndefined();
    expect(after).toMatchObject({ message: { from: { phone: "+15550101" } }, occurrenceId: before?.occurrenceId });
  });
});

describe("without a session", () => {
  const inFull = (envelope: unknown, receivedAtMs?: number) =>
    receiveFacet.read(delivery(envelope), {
      hasSession: false,
      ...(receivedAtMs === undefined ? {} : { receivedAtMs }),
    });

  it("what would only move a session is told as an event, with its signal", () => {
    for (const name of ["session.status", "qrcode.updated", "passkey.updated request"]) {
      const envelope = (fixture("webhooks") as Record<string, { event: string }>)[name];
      const { events, signals } = inFull(envelope);
      expect(events).toMatchObject([{ type: "provider", name: envelope?.event, raw: { event: envelope?.event } }]);
      expect(signals).toHaveLength(1);
    }
  });

  it("an undated status is another one each time it arrives, and a dated one is not", () => {
    const undated = { event: "session.status", data: { status: "connected" } };
    const [first, second] = [1, 2].map((atMs) => inFull(undated, atMs).events[0]?.occurrenceId);
    expect(first).not.toBe(second);
    const dated = { ...undated, timestamp: 1_753_700_391 };
    const again = [1, 2].map((atMs) => inFull(dated, atMs).events[0]?.occurrenceId);
    expect(new Set(again).size).toBe(1);
  });
});

describe("the instant of a delivery", () => {
  it("is read from seconds and from milliseconds, and is absent where none is told", () => {
    const instants = [1_753_700_391, 1_753_700_391_000, "1753700391", undefined, "soon"].map((timestamp) =>
      receiveFacet.sentAtMs?.(delivery({ event: "call", timestamp })),
    );
    expect(instants).toEqual([1_753_700_391_000, 1_753_700_391_000, 1_753_700_391_000, undefined, undefined]);
  });
});
