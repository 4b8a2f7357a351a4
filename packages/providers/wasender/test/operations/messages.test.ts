import { describe, expect, it } from "vitest";
import { account } from "../../src/operations/account.js";
import { messages } from "../../src/operations/messages.js";
import { presence } from "../../src/operations/presence.js";
import { answered, decoded, encoded, fixture, thrown, wireBody } from "../support/wire.js";

const to = "+15550101";

describe("messages.send", () => {
  it.each([
    ["text", { to, text: "hello" }, { to, text: "hello" }],
    [
      "image",
      { to, text: "look", media: { kind: "image", url: "https://a.example/a.png" } },
      { to, text: "look", imageUrl: "https://a.example/a.png" },
    ],
    [
      "video",
      { to, media: { kind: "video", url: "https://a.example/a.mp4" } },
      { to, videoUrl: "https://a.example/a.mp4" },
    ],
    [
      "audio",
      { to, media: { kind: "audio", url: "https://a.example/a.ogg" }, viewOnce: true },
      { to, audioUrl: "https://a.example/a.ogg", viewOnce: true },
    ],
    [
      "document",
      { to, media: { kind: "document", url: "https://a.example/a.pdf", fileName: "bill.pdf" } },
      { to, documentUrl: "https://a.example/a.pdf", fileName: "bill.pdf" },
    ],
    [
      "sticker",
      { to, media: { kind: "sticker", url: "https://a.example/a.webp" } },
      { to, stickerUrl: "https://a.example/a.webp" },
    ],
    [
      "contact",
      { to, contact: { name: "Ada", phone: "+15550102" } },
      { to, contact: { name: "Ada", phone: "+15550102" } },
    ],
    [
      "location",
      { to, location: { latitude: 1.5, longitude: -2, name: "Pier" } },
      { to, location: { latitude: 1.5, longitude: -2, name: "Pier" } },
    ],
    [
      "poll",
      { to, poll: { question: "Tea?", options: ["yes", "no"] } },
      { to, poll: { question: "Tea?", options: ["yes", "no"], multiSelect: false } },
    ],
    ["reply", { to, text: "yes", replyTo: "100000" }, { to, text: "yes", replyTo: 100_000 }],
    [
      "mention",
      { to: "120363000000000001@g.us", text: "@15550102 look", mentions: ["+15550102", "99000000000001@lid"] },
      {
        to: "120363000000000001@g.us",
        text: "@15550102 look",
        mentions: ["15550102@s.whatsapp.net", "99000000000001@lid"],
      },
    ],
  ] as const)("puts a %s on the wire with the documented keys and no others", (_kind, message, body) => {
    expect(wireBody(messages.send, message)).toEqual(body);
  });

  it("reads the receipt, its number as text", () => {
    expect(decoded(messages.send, { success: true, data: { msgId: 100_000, jid: to, status: "in_progress" } })).toEqual(
      {
        providerMessageId: "100000",
        jid: to,
        status: "in_progress",
      },
    );
  });

  it("calls a success without a message id malformed, with its fate open", () => {
    const error = thrown(() => messages.send.decode(answered(200, { success: true, data: {} })));
    expect(error).toMatchObject({ code: "RESPONSE_MALFORMED", outcome: "unknown" });
  });

  it("refuses what the provider would refuse, without repeating number or text", () => {
    const error = thrown(() => encoded(messages.send, { to: "canary-number", text: "" }));
    expect(error.code).toBe("INPUT_INVALID");
    expect(JSON.stringify(error)).not.toContain("canary");
  });
});

describe("what can be done with a message", () => {
  it("edits by the provider's number", () => {
    expect(encoded(messages.edit, { messageId: 100_000, text: "new" })).toEqual({
      params: { messageId: "100000" },
      body: { kind: "json", value: { text: "new" } },
    });
    expect(thrown(() => encoded(messages.edit, { messageId: "1", text: " " })).code).toBe("INPUT_INVALID");
  });

  it("reads its key, status and time", () => {
    expect(decoded(messages.info, fixture("message-info"))).toMatchObject({
      messageId: "100000",
      messageKey: "3EB0MADEUP01",
      chatId: "15550101@s.whatsapp.net",
      fromMe: true,
      status: "delivered",
      sentAtMs: 1_753_700_390_000,
    });
  });

  it.each([
    [0, "failed"],
    [1, "pending"],
    [2, "sent"],
    [3, "delivered"],
    [4, "read"],
    [5, "played"],
    [9, undefined],
    ["3", undefined],
  ])("reads the status %s as %s", (status, word) => {
    const body = { data: { key: { id: "A" }, status } };
    expect(decoded(messages.info, body).status).toBe(word);
  });

  it("demands the key that joins events to it", () => {
    expect(thrown(() => decoded(messages.info, { data: { msgId: 1 } })).code).toBe("RESPONSE_MALFORMED");
  });

  it("deletes and resends, with a message on success or without", () => {
    expect(decoded(messages.remove, { success: true, message: "Message deleted successfully." })).toEqual({
      message: "Message deleted successfully.",
    });
    expect(messages.remove.decode(answered(204, undefined))).toEqual({});
    expect(encoded(messages.resend, { logId: 1_002 }).params).toEqual({ logId: "1002" });
  });

  it("marks as read by WhatsApp's key", () => {
    expect(wireBody(messages.markRead, { messageKey: "3EB0IN01", chatId: "15550101@s.whatsapp.net" })).toEqual({
      key: { id: "3EB0IN01", remoteJid: "15550101@s.whatsapp.net", fromMe: false },
    });
  });
});

describe("presence and account", () => {
  it("addresses presence by JID, also when given a number", () => {
    expect(wireBody(presence.set, { chatId: "+15550101", kind: "composing", delayMs: 500 })).toEqual({
      jid: "15550101@s.whatsapp.net",
      type: "composing",
      delayMs: 500,
    });
    expect(thrown(() => encoded(presence.set, { chatId: "somebody", kind: "paused" })).code).toBe("INPUT_INVALID");
  });

  it("reads the bare status", () => {
    expect(decoded(account.status, { status: "CONNECTED" })).toEqual({ status: "connected" });
  });

  it("reads who is linked, without the device in the JID", () => {
    const linked = decoded(account.user, {
      success: true,
      data: { id: "15550100:12@s.whatsapp.net", name: "Shop", lid: "99000000000001:12@lid" },
    });
    expect(linked).toMatchObject({
      jid: "15550100@s.whatsapp.net",
      phone: "+15550100",
      lid: "99000000000001@lid",
      name: "Shop",
    });
  });

  it("asks nothing of the body of the token check, which is not documented", () => {
    for (const body of [undefined, null, { success: true }, "ok"])
      expect(account.authCheck.decode(answered(200, body))).toBeUndefined();
  });
});
