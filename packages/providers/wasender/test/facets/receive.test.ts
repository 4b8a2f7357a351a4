import type { ReadDelivery } from "@colloquy/core/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { receiveFacet } from "../../src/facets/receive.js";
import { webhookEvents } from "../../src/wire-types.js";
import { delivery, fixture } from "../support/wire.js";

const webhooks = fixture("webhooks") as Readonly<Record<string, { readonly event: string }>>;
const read = (name: string): ReadDelivery => receiveFacet.read(delivery(webhooks[name]));

describe("verifying a delivery", () => {
  const secrets = { webhook_secret: "made-up-secret" };
  const signed = (signature: string) => delivery("{}", { "x-webhook-signature": signature });

  it("accepts the secret itself, which is what Wasender sends", () => {
    expect(receiveFacet.verify(signed("made-up-secret"), secrets)).toBe(true);
  });

  it("refuses another text of any length", () => {
    for (const wrong of ["", "made-up-secre", "made-up-secret!", "MADE-UP-SECRET", "x".repeat(10_000)])
      expect(receiveFacet.verify(signed(wrong), secrets)).toBe(false);
  });

  it("refuses everything when no secret is known", () => {
    for (const none of [{}, { webhook_secret: "" }]) {
      expect(receiveFacet.verify(signed(""), none)).toBe(false);
      expect(receiveFacet.verify(signed("undefined"), none)).toBe(false);
      expect(receiveFacet.verify(delivery("{}"), none)).toBe(false);
    }
  });

  it("refuses a delivery without a signature", () => {
    expect(receiveFacet.verify(delivery("{}"), secrets)).toBe(false);
  });
});

describe("reading received messages", () => {
  it("reads text, sender and time", () => {
    const { events, signals } = read("messages.received");
    expect(signals).toEqual([]);
    expect(events).toMatchObject([
      {
        type: "message.received",
        message: {
          providerMessageId: "3EB0IN01",
          chatId: "99000000000001@lid",
          from: { id: "99000000000001@lid", phone: "+15550101", displayName: "Ada" },
          kind: "text",
          text: "hello",
          sentAtMs: 1_753_700_390_000,
        },
      },
    ]);
  });

  it("gives one message one occurrence under all three names, in each of their forms", () => {
    const names = [
      "messages.received",
      "messages-personal.received",
      "messages.upsert",
      "messages.upsert as an object",
    ];
    const found = names.flatMap((name) => read(name).events);
    expect(found.map(({ type }) => type)).toEqual(names.map(() => "message.received"));
    expect(new Set(found.map(({ occurrenceId }) => occurrenceId)).size).toBe(1);
    expect(found.map((event) => (event.type === "message.received" ? event.message.sentAtMs : 0))).toEqual(
      names.map(() => 1_753_700_390_000),
    );
  });

  it("names the group as the chat and the participant as the sender", () => {
    expect(read("messages-group.received").events).toMatchObject([
      {
        message: {
          chatId: "120363000000000001@g.us",
          from: { id: "99000000000001@lid", phone: "+15550101" },
          kind: "image",
          text: "look",
        },
      },
    ]);
  });

  it("claims no phone number where there is only a LID", () => {
    const [event] = receiveFacet.read(
      delivery({
        event: "messages.received",
        data: {
          messages: {
            key: { id: "A", fromMe: false, remoteJid: "99000000000001@lid", senderPn: "99000000000001@lid" },
            message: { conversation: "x" },
          },
        },
      }),
    ).events;
    expect(event).toMatchObject({ message: { from: { id: "99000000000001@lid" } } });
    expect(event?.type === "message.received" && "phone" in event.message.from).toBe(false);
  });

  it("looks through the wrappers of disappearing and view-once messages", () => {
    const wrapped = {
      ephemeralMessage: { message: { viewOnceMessageV2: { message: { videoMessage: { caption: "once" } } } } },
    };
    const { events } = receiveFacet.read(
      delivery({
        event: "messages.received",
        data: { messages: { key: { id: "A", fromMe: false, remoteJid: "15550101@s.whatsapp.net" }, message: wrapped } },
      }),
    );
    expect(events).toMatchObject([{ message: { kind: "video", text: "once", from: { phone: "+15550101" } } }]);
  });

  it("does not take an edit or an own message for a new one", () => {
    expect(read("messages.upsert of an edit").events).toMatchObject([{ type: "provider", name: "messages.upsert" }]);
    const own = {
      event: "messages.upsert",
      data: {
        messages: [
          { key: { id: "A", fromMe: true, remoteJid: "15550101@s.whatsapp.net" }, message: { conversation: "x" } },
        ],
      },
    };
    expect(receiveFacet.read(delivery(own)).events).toMatchObject([{ type: "provider" }]);
  });
});

describe("reading what became of sent messages", () => {
  it.each([
    ["message.sent", "3EB0MADEUP01", "sent"],
    ["messages.update", "3EB0MADEUP01", "read"],
    ["message-receipt.update", "3EB0MADEUP01", "read"],
    ["message-receipt.update in a group", "3EB0MADEUP03", "delivered"],
  ])("reads %s", (name, messageKey, status) => {
    expect(read(name).events).toMatchObject([{ type: "message.status", messageKey, status }]);
  });

  it("reads a list of updates one by one", () => {
    expect(read("messages.update as a list").events).toMatchObject([
      { messageKey: "3EB0MADEUP01", status: "delivered" },
      { messageKey: "3EB0MADEUP02", status: "failed" },
    ]);
  });

  it("gives a reason for a failed send, without the number in it", () => {
    const [event] = read("message.sent that failed").events;
    expect(event).toMatchObject({
      type: "message.status",
      status: "failed",
      reason: "Failed to send message: Invalid number JID: [number]",
    });
  });

  it("counts the same receipt once under both names, and each member's receipt in a group by itself", () => {
    expect(read("messages.update").events[0]?.occurrenceId).toBe(
      read("message-receipt.update").events[0]?.occurrenceId,
    );
    expect(read("message-receipt.update in a group").events[0]?.occurrenceId).toContain("15550102");
  });

  it("does not report what others' messages went through as ours", () => {
    const theirs = {
      event: "messages.update",
      data: { update: { status: 4 }, key: { remoteJid: "15550101@s.whatsapp.net", id: "A", fromMe: false } },
    };
    expect(receiveFacet.read(delivery(theirs)).events).toMatchObject([{ type: "provider" }]);
  });
});

describe("reading events about the session", () => {
  it("turns the status into a signal, in both forms of the event", () => {
    expect(read("session.status")).toEqual({ events: [], signals: [{ source: "event", word: "connected" }] });
    expect(read("session.status of older versions").signals).toEqual([{ source: "event", word: "logged_out" }]);
  });

  it("turns a fresh QR code into a challenge", () => {
    expect(read("qrcode.updated").signals).toEqual([
      { source: "event", word: "need_scan", challenge: { kind: "qr", artefact: "2@made-up,second,code,=" } },
    ]);
  });

  it("turns the stages of a passkey into signals", () => {
    expect(read("passkey.updated request").signals).toEqual([
      {
        source: "event",
        word: "need_passkey",
        challenge: { kind: "passkey", artefact: "made-up-passkey-token", lifetimeMs: 100_000 },
      },
    ]);
    expect(read("passkey.updated fallback").signals).toEqual([{ source: "event", word: "need_scan" }]);
    expect(read("passkey.updated end").signals).toEqual([{ source: "event", word: "passkey_no_continuation" }]);
  });

  it("hands the code of a passkey confirmation to the caller, without the token", () => {
    const { events, signals } = read("passkey.updated confirmation");
    expect(signals).toEqual([{ source: "event", word: "passkey_confirmation" }]);
    expect(JSON.stringify(events)).toContain("12345678");
    expect(JSON.stringify(events)).not.toContain("made-up-passkey-token");
  });
});

describe("reading everything else", () => {
  it("has a fixture of every documented event, and reads each into at least one event or signal", () => {
    const seen = new Set(Object.values(webhooks).map(({ event }) => event));
    expect([...seen].toSorted()).toEqual([...webhookEvents].toSorted());
    for (const name of Object.keys(webhooks)) {
      const { events, signals } = read(name);
      expect(events.length + signals.length).toBeGreaterThan(0);
    }
  });

  it.each([
    "call",
    "chats.delete",
    "contacts.update",
    "group-participants.update",
    "messages.reaction",
    "messages.delete",
    "poll.results",
  ])("keeps %s under its own name", (name) => {
    expect(read(name).events).toMatchObject([{ type: "provider", name, raw: { event: name } }]);
  });

  it("gives the same delivery the same id again, and another one another", () => {
    const again = read("call").events[0]?.occurrenceId;
    expect(read("call").events[0]?.occurrenceId).toBe(again);
    const later = { ...webhooks["call"], timestamp: 1_753_700_999 };
    expect(receiveFacet.read(delivery(later)).events[0]?.occurrenceId).not.toBe(again);
  });

  it("keeps the session's API key out of every event", () => {
    for (const name of Object.keys(webhooks)) expect(JSON.stringify(read(name))).not.toContain("a1a1a1a1");
  });

  it("keeps what it cannot read as an event of its own", () => {
    for (const body of ["", "null", "[]", "{", "<html>", '{"event":5}', `{"event":"messages.received","data":`])
      expect(receiveFacet.read(delivery(body))).toMatchObject({
        events: [{ type: "provider", name: "unreadable" }],
        signals: [],
      });
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (body) => {
        expect(receiveFacet.read({ headers: {}, body }).events).toHaveLength(1);
      }),
    );
  });

  it("never throws, whatever stands where a documented event has its data", () => {
    const name = fc.constantFrom(...webhookEvents);
    fc.assert(
      fc.property(name, fc.jsonValue(), fc.jsonValue(), (event, data, timestamp) => {
        for (const body of [
          { event, data, timestamp },
          { event, data: { messages: data }, timestamp },
          { event, data: { key: data, message: data, receipt: data }, timestamp },
        ]) {
          const { events, signals } = receiveFacet.read(delivery(body));
          expect(events.length + signals.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("survives a message nested deeper than any real one", () => {
    let message: unknown = { conversation: "deep" };
    for (let depth = 0; depth < 2_000; depth += 1) message = { ephemeralMessage: { message } };
    const body = {
      event: "messages.received",
      data: { messages: { key: { id: "A", fromMe: false, remoteJid: "15550101@s.whatsapp.net" }, message } },
    };
    expect(receiveFacet.read(delivery(body)).events).toMatchObject([{ message: { kind: "unknown" } }]);
  });
});
