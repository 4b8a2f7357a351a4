import type { MessageKind } from "@colloquy/core/contract";
import { createIdentityBook } from "@colloquy/core/webhooks";
import { describe, expect, expectTypeOf, it } from "vitest";
import { readWasenderEvent, type WasenderEvent, type WasenderWebhookEvent } from "../../src/index.js";
import { webhookEvents } from "../../src/wire-types.js";
import { delivery, fixture } from "../support/wire.js";

const webhooks = fixture("webhooks") as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const read = (name: string): WasenderEvent => readWasenderEvent(webhooks[name] ?? {});

const ada = { id: "15550101@s.whatsapp.net", phone: "+15550101" };
const adaByLid = { id: "99000000000001@lid", lid: "99000000000001@lid", phone: "+15550101" };
const bob = { id: "15550102@s.whatsapp.net", phone: "+15550102" };
const shop = { id: "15550100@s.whatsapp.net", phone: "+15550100" };
const team = "120363000000000001@g.us";
const sentKey = (id: string) => ({ id, chatId: ada.id, fromMe: true, partner: ada });
const hello = {
  key: { id: "3EB0IN01", chatId: adaByLid.id, fromMe: false, partner: adaByLid },
  from: { ...adaByLid, displayName: "Ada" },
  kind: "text",
  text: "hello",
  sentAtMs: 1_753_700_390_000,
  content: { conversation: "hello" },
};

/** What each fixture says, in the one form. */
const expected: Readonly<Record<string, unknown>> = {
  "messages.received": { messages: [hello] },
  "messages-personal.received": { messages: [hello] },
  "messages.upsert": { messages: [hello] },
  "messages.upsert of an edit": {
    messages: [
      {
        key: { id: "3EB0IN02", chatId: ada.id, fromMe: false, partner: ada },
        from: ada,
        kind: "unknown",
        sentAtMs: 1_753_700_394_000,
        change: {
          kind: "edit",
          key: { id: "3EB0IN01", chatId: ada.id, fromMe: false, partner: ada },
          text: "hello again",
          atMs: 1_753_700_394_000,
        },
        content: expect.objectContaining({ protocolMessage: expect.anything() }),
      },
    ],
  },
  "messages-group.received": {
    messages: [
      {
        key: { id: "3EB0IN03", chatId: team, fromMe: false, participant: adaByLid },
        from: { ...adaByLid, displayName: "Ada" },
        kind: "image",
        text: "look",
        sentAtMs: 1_753_700_390_000,
        content: expect.objectContaining({ imageMessage: expect.anything() }),
      },
    ],
  },
  "messages-newsletter.received": {
    messages: [
      {
        key: { id: "3EB0IN04", chatId: "120363000000000009@newsletter", fromMe: false },
        from: { id: "120363000000000009@newsletter" },
        kind: "text",
        text: "news",
        sentAtMs: 1_753_700_390_000,
        content: { extendedTextMessage: { text: "news" } },
      },
    ],
  },
  "messages.update": { updates: [{ key: sentKey("3EB0MADEUP01"), status: "read", update: { status: 4 } }] },
  "messages.update as a list": {
    updates: [
      { key: sentKey("3EB0MADEUP01"), status: "delivered", update: { status: 3 } },
      { key: sentKey("3EB0MADEUP02"), status: "failed", update: { status: 0 } },
    ],
  },
  "message-receipt.update": {
    receipts: [{ key: sentKey("3EB0MADEUP01"), by: ada, readAtMs: 1_753_700_399_000 }],
  },
  "message-receipt.update in a group": {
    receipts: [
      {
        key: { id: "3EB0MADEUP03", chatId: team, fromMe: true, participant: bob },
        by: bob,
        deliveredAtMs: 1_753_700_399_000,
      },
    ],
  },
  "message.sent": {
    sent: [{ key: sentKey("3EB0MADEUP01"), isSuccess: true, content: { conversation: "hello" } }],
  },
  "message.sent that failed": {
    sent: [
      {
        key: expect.objectContaining({ id: "3EB0MADEUP04" }),
        isSuccess: false,
        error: "Failed to send message: Invalid number JID: +15550199",
        content: {},
      },
    ],
  },
  "session.status": { status: "connected" },
  "session.status of older versions": { status: "logged_out" },
  "qrcode.updated": { qr: "2@made-up,second,code,=" },
  "passkey.updated request": {
    stage: "request",
    token: "made-up-passkey-token",
    expiresAtMs: Date.parse("2025-07-28T11:01:32Z"),
    requestId: "made-up-request",
  },
  "passkey.updated end": { stage: "no_continuation", error: "timeout" },
  "messages.delete": { keys: [{ id: "3EB0IN01", chatId: ada.id, fromMe: false, partner: ada }] },
  "messages.reaction": {
    reactions: [
      {
        key: sentKey("3EB0MADEUP01"),
        text: "+1",
        reactionKey: { id: "3EB0IN05", chatId: ada.id, fromMe: false, partner: ada },
      },
    ],
  },
  "contacts.upsert": { contacts: [{ person: ada, name: "Ada", displayName: "Ada" }] },
  "contacts.update": { contacts: [{ person: ada, pictureUrl: "https://pps.whatsapp.net/made-up" }] },
  "chats.upsert": {
    chats: [{ id: ada.id, partner: ada, name: "Ada", lastMessageAtMs: 1_753_700_390_000, unreadCount: 1 }],
  },
  "chats.update": { chats: [{ id: ada.id, partner: ada, lastMessageAtMs: 1_753_700_390_000, unreadCount: 0 }] },
  "chats.delete": { chatIds: [ada.id] },
  "groups.upsert": {
    groups: [
      {
        jid: team,
        subject: "Team",
        createdAtMs: 1_753_700_000_000,
        owner: shop,
        participants: [{ ...shop, role: "superadmin" }],
      },
    ],
  },
  "groups.update": { groups: [{ jid: team, isAnnouncement: true, isRestricted: false }] },
  "group-participants.update": { changes: [{ jid: team, participants: [bob], action: "add" }] },
  call: {
    calls: [
      {
        id: "CALL01",
        from: ada,
        atMs: Date.parse("2025-07-28T10:59:52Z"),
        isGroup: false,
        isVideo: false,
        status: "offer",
      },
    ],
  },
  "poll.results": {
    polls: [
      {
        key: { id: "3EB0POLL01", chatId: team, fromMe: true },
        options: [
          { name: "Red", voters: [ada] },
          { name: "Blue", voters: [] },
        ],
      },
    ],
  },
};

describe("the 23 webhook events as one union", () => {
  it("has an expectation here for each of the 23", () => {
    const covered = new Set(Object.keys(expected).map((name) => String(webhooks[name]?.["event"])));
    expect([...covered].toSorted()).toEqual([...webhookEvents].toSorted());
    expect(webhookEvents).toHaveLength(23);
  });

  it.each(Object.keys(expected))("reads %s", (name) => {
    const event = read(name);
    expect(event.event).toBe(webhooks[name]?.["event"]);
    expect(event).toHaveProperty("data");
    expect("data" in event && event.data).toEqual(expected[name]);
  });

  it("gives the instant in milliseconds, whichever unit the envelope has", () => {
    expect(read("messages.received").atMs).toBe(1_753_700_391_000);
    expect(read("messages.update").atMs).toBe(1_753_700_400_000);
    expect(readWasenderEvent({ event: "call", data: { call: { id: "C" } } })).not.toHaveProperty("atMs");
  });

  it("reads the same from a delivery, bytes, text, JSON and an event of a session", () => {
    const envelope = webhooks["messages.received"] ?? {};
    const whole = delivery(envelope);
    const whatSessionsGive = {
      type: "provider",
      occurrenceId: "x",
      name: "messages.received",
      raw: { ...envelope, sessionId: "[redacted]" },
    } as const;
    const one = readWasenderEvent(envelope);
    for (const source of [whole, whole.body, new TextDecoder().decode(whole.body), whatSessionsGive])
      expect(readWasenderEvent(source)).toEqual(one);
  });

  it("keeps the envelope, but for the session's API key", () => {
    const { raw } = read("session.status");
    expect(raw).toEqual({ ...webhooks["session.status"], sessionId: "[redacted]" });
    for (const name of Object.keys(webhooks)) expect(JSON.stringify(read(name).raw)).not.toContain("a1a1a1a1");
  });

  it.each(Object.keys(expected).filter((name) => name !== "messages.update as a list"))(
    "takes %s as one thing and as a list of one",
    (name) => {
      const { data, ...envelope } = webhooks[name] ?? {};
      const turned = Array.isArray(data) ? data[0] : [data];
      const event = readWasenderEvent({ ...envelope, data: turned });
      expect("data" in event && event.data).toEqual(expected[name]);
    },
  );

  it("narrows by its name", () => {
    const event = read("messages.received");
    if (event.event === "messages.received")
      expectTypeOf(event.data.messages[0]!.kind).toEqualTypeOf<MessageKind | "unknown">();
    if (event.event === "qrcode.updated") expectTypeOf(event.data.qr).toEqualTypeOf<string>();
    expectTypeOf<WasenderEvent["event"]>().toEqualTypeOf<WasenderWebhookEvent | "unknown">();
    // Every name is a case; a new one would not compile here.
    const isMessage = (name: Exclude<WasenderEvent["event"], "unknown">): boolean => name.startsWith("messages");
    expect(isMessage("messages.upsert")).toBe(true);
  });
});

describe("what is not documented", () => {
  it("is unknown, under its own name, with all of it", () => {
    const raw = { event: "labels.edit", timestamp: 1_753_700_391, data: { id: "7" } };
    expect(readWasenderEvent(raw)).toEqual({ event: "unknown", name: "labels.edit", atMs: 1_753_700_391_000, raw });
    for (const name of ["constructor", "__proto__", "toString", "unknown"])
      expect(readWasenderEvent({ event: name })).toMatchObject({ event: "unknown", name });
  });

  it("is unknown when a documented event has data that cannot be read", () => {
    const raw = { event: "session.status", data: { status: 5 } };
    expect(readWasenderEvent(raw)).toEqual({ event: "unknown", name: "session.status", raw });
  });

  it("is unreadable when it is no envelope, and kept as text, or as digits where it is no text", () => {
    expect(readWasenderEvent("<html>")).toEqual({
      event: "unknown",
      name: "unreadable",
      raw: { byteLength: 6, text: "<html>" },
    });
    expect(readWasenderEvent(Uint8Array.of(0xff, 0x00))).toEqual({
      event: "unknown",
      name: "unreadable",
      raw: { byteLength: 2, hex: "ff00" },
    });
  });

  it("reads what it can of a list, and keeps the rest in raw", () => {
    const raw = { event: "contacts.upsert", data: [null, 5, { jid: ada.id, name: "Ada" }, { name: "nobody" }] };
    expect(readWasenderEvent(raw)).toEqual({
      event: "contacts.upsert",
      data: { contacts: [{ person: ada, name: "Ada" }] },
      raw,
    });
  });
});

describe("messages that change an earlier one", () => {
  const changed = (message: Record<string, unknown>) => {
    const key = { id: "N", fromMe: false, remoteJid: ada.id };
    const event = readWasenderEvent({ event: "messages.upsert", data: { messages: [{ key, message }] } });
    return event.event === "messages.upsert" ? event.data.messages[0]?.change : undefined;
  };
  const key = { id: "OLD", remoteJid: ada.id, fromMe: false };
  const told = { id: "OLD", chatId: ada.id, fromMe: false, partner: ada };

  it.each([
    [
      "an edit",
      { protocolMessage: { key, type: 14, editedMessage: { conversation: "new" } } },
      { kind: "edit", key: told, text: "new" },
    ],
    [
      "an edit in its wrapper",
      {
        editedMessage: {
          message: { protocolMessage: { key, type: "MESSAGE_EDIT", editedMessage: { conversation: "new" } } },
        },
      },
      { kind: "edit", key: told, text: "new" },
    ],
    ["a deletion", { protocolMessage: { key, type: 0 } }, { kind: "deletion", key: told }],
    [
      "a reaction",
      { reactionMessage: { key, text: "+1", senderTimestampMs: "1753700390000" } },
      { kind: "reaction", key: told, text: "+1", atMs: 1_753_700_390_000 },
    ],
    [
      "a reaction that is taken back",
      { reactionMessage: { key, text: "" } },
      { kind: "reaction", key: told, text: "" },
    ],
    ["something of WhatsApp's own", { protocolMessage: { type: 5 } }, { kind: "other" }],
  ])("%s is told as such", (_what, message, change) => {
    expect(changed(message)).toEqual(change);
  });

  it("a plain message has none", () => {
    expect(changed({ conversation: "x" })).toBeUndefined();
  });
});

describe("one person under two addresses", () => {
  const addressing = fixture("webhook-addressing") as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const fromOf = (name: string, identities = createIdentityBook()) => {
    const event = readWasenderEvent(addressing[name] ?? {}, { identities });
    return "data" in event && "messages" in event.data ? event.data.messages[0]?.from : undefined;
  };

  it.each([
    ["by number", { id: ada.id, lid: adaByLid.id, phone: "+15550101" }],
    ["by number alone", ada],
    ["by number and device", ada],
    ["by LID", adaByLid],
    ["by LID alone", { id: adaByLid.id, lid: adaByLid.id }],
    ["by LID, which stands for the number, too", { id: adaByLid.id, lid: adaByLid.id }],
    ["by LID, with the number only cleaned", adaByLid],
  ])("%s: tells what the event tells", (name, person) => {
    expect(fromOf(name)).toEqual({ ...person, displayName: "Ada" });
  });

  it.each(["by number", "by LID", "by LID, with the number only cleaned"])("%s: joins all later events", (name) => {
    const identities = createIdentityBook();
    fromOf(name, identities);
    for (const later of Object.keys(addressing))
      expect(fromOf(later, identities)).toMatchObject({ lid: adaByLid.id, phone: "+15550101" });
  });

  it("is joined in every place that names a person", () => {
    const identities = createIdentityBook();
    identities.learn(adaByLid.id, "+15550101");
    const lid = adaByLid.id;
    const all = [
      { event: "call", data: { call: { id: "C", from: lid } } },
      { event: "group-participants.update", data: { jid: team, action: "add", participants: [{ id: lid }] } },
      {
        event: "poll.results",
        data: { key: { id: "P", remoteJid: team }, pollResult: [{ name: "Red", voters: [lid] }] },
      },
      { event: "contacts.upsert", data: [{ id: lid }] },
      { event: "chats.upsert", data: [{ id: lid }] },
      {
        event: "message-receipt.update",
        data: { message: { key: { id: "M", remoteJid: team }, receipt: { userJid: lid } } },
      },
    ];
    for (const envelope of all)
      expect(JSON.stringify(readWasenderEvent(envelope, { identities }))).toContain('"phone":"+15550101"');
  });

  it("does not take us for the partner in messages of our own", () => {
    const key = { id: "M", fromMe: true, remoteJid: adaByLid.id, senderPn: shop.id, senderLid: "88000000000001@lid" };
    const event = readWasenderEvent({ event: "messages.upsert", data: [{ key, message: { conversation: "x" } }] });
    expect(event).toMatchObject({ data: { messages: [{ key: { partner: { id: adaByLid.id, lid: adaByLid.id } } }] } });
    expect(JSON.stringify("data" in event && event.data)).not.toContain("15550100");
  });
});
