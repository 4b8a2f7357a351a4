import { describe, expect, it } from "vitest";
import { useStage } from "./support/stage.js";

const text = { to: "+15550101", text: "hello" };

describe("sending", () => {
  const stage = useStage();

  it("answers with a row id and the recipient as given, and tells the rest by webhook", async () => {
    const { api, emulator, receiver } = stage;
    const { apiKey, id } = await stage.connected();
    const { status, body } = await api("POST", "/send-message", text, apiKey);
    expect([status, body]).toEqual([
      200,
      { success: true, data: { msgId: 100_000, jid: "+15550101", status: "in_progress" } },
    ]);
    const [sent] = emulator.wasender.sent;
    expect(sent).toMatchObject({ msgId: 100_000, sessionId: id, to: "+15550101", text: "hello", body: text });
    expect(sent?.key).toEqual({
      id: expect.stringMatching(/^3EB0[0-9A-F]{18}$/),
      fromMe: true,
      remoteJid: "15550101@s.whatsapp.net",
    });
    await stage.pass(400);
    const told = receiver.received.filter(({ event }) => /^message\.sent|^messages\.update/.test(event));
    expect(told.map(({ event, data }) => [event, data])).toEqual([
      ["message.sent", { key: sent?.key, message: { conversation: "hello" }, success: true }],
      ["messages.update", { update: { status: 3 }, key: sent?.key }],
      ["messages.update", { update: { status: 4 }, key: sent?.key }],
    ]);
    expect(told.map(({ timestamp }) => timestamp > 1e11)).toEqual([false, true, true]);
    expect((await api("GET", "/messages/100000/info", undefined, apiKey)).body.data).toEqual({
      remoteJid: "15550101@s.whatsapp.net",
      id: sent?.key.id,
      msgId: 100_000,
      key: sent?.key,
      message: { conversation: "hello" },
      messageTimestamp: expect.stringMatching(/^\d{10}$/),
      status: 4,
    });
  });

  it.each([
    [{}, { to: "The to field is required.", text: "The text field is required when no media is present." }],
    [{ to: "+15550101", text: null }, { text: "The text field is required when no media is present." }],
    [{ to: "somebody", text: "x" }, { to: "The to field format is invalid." }],
    [{ to: "+15550101", imageUrl: "file:///x" }, { imageUrl: "The image url field must be a valid URL." }],
    [{ to: "+15550101", contact: { name: "Ada" } }, { "contact.phone": "The contact.phone field is required." }],
    [
      { to: "+15550101", poll: { question: "?", options: ["only"] } },
      { "poll.options": "The poll.options field must have at least 2 items." },
    ],
    [
      { to: "+15550101", location: { latitude: "north", longitude: 1 } },
      { "location.latitude": "The location.latitude field must be a number." },
    ],
    [
      { ...text, mentions: ["15550101@s.whatsapp.net"] },
      { mentions: "The mentions field can only be used when sending to a group." },
    ],
    [{ ...text, replyTo: "first" }, { replyTo: "The reply to field must be an integer." }],
  ])("refuses %j with a complaint per field", async (body, complaints) => {
    const { api, emulator } = stage;
    const { apiKey } = await stage.connected();
    const reply = await api("POST", "/send-message", body, apiKey);
    const errors = Object.fromEntries(Object.entries(complaints).map(([field, complaint]) => [field, [complaint]]));
    expect(reply).toMatchObject({ status: 422, body: { success: false, message: "Validation failed" } });
    expect(reply.body.errors).toEqual(errors);
    expect(emulator.wasender.sent).toEqual([]);
  });

  it.each([
    [{ imageUrl: "https://x.example/a.png", text: "c", viewOnce: true }, ["viewOnceMessage"]],
    [{ videoUrl: "https://x.example/a.mp4" }, ["videoMessage"]],
    [{ audioUrl: "https://x.example/a.ogg" }, ["audioMessage"]],
    [{ stickerUrl: "https://x.example/a.webp" }, ["stickerMessage"]],
    [{ documentUrl: "https://x.example/a.pdf" }, ["documentMessage"]],
    [{ contact: { name: "Ada", phone: "+15550101" } }, ["contactMessage"]],
    [{ location: { latitude: "51.5", longitude: 0 } }, ["locationMessage"]],
    [{ poll: { question: "?", options: ["a", "b"], multiSelect: true } }, ["pollCreationMessageV3"]],
    [{ text: "x", messageType: "text", ptt: true }, ["conversation"]],
  ])("accepts %j and carries it as WhatsApp would", async (fields, kinds) => {
    const { api } = stage;
    const { apiKey } = await stage.connected();
    expect((await api("POST", "/send-message", { to: "+15550101", ...fields }, apiKey)).status).toBe(200);
    const { body } = await api("GET", "/messages/100000/info", undefined, apiKey);
    expect(Object.keys(body.data.message)).toEqual(kinds);
  });

  it("fails later, by webhook and in the log, to a number that is not on WhatsApp; that can be resent", async () => {
    const { api, emulator, receiver } = stage;
    const { id, apiKey } = await stage.connected();
    emulator.wasender.set({ unknownNumbers: ["+15550199"] });
    await api("POST", "/send-message", { ...text, to: "+15550199" }, apiKey);
    await api("POST", "/send-message", text, apiKey);
    await stage.pass(50);
    const error = "Failed to send message: Invalid number JID: +15550199";
    expect(receiver.received.find(({ event }) => event === "message.sent")?.data).toMatchObject({
      success: false,
      error,
    });
    const logs = await api("GET", `/whatsapp-sessions/${id}/message-logs?status=failed`);
    expect(logs.body.data.data).toMatchObject([{ id: "1001", status: "failed", failed_reason: error }]);

    expect((await api("POST", "/messages/1002/resend", {}, apiKey)).body).toEqual({
      success: false,
      error: "Only messages with status 'failed' can be resent.",
    });
    const other = await stage.connected({ name: "Other" });
    expect((await api("POST", "/messages/1001/resend", {}, other.apiKey)).body).toEqual({
      success: false,
      error: "You are not authorized to modify this message.",
    });
    emulator.wasender.set({ unknownNumbers: [] });
    expect((await api("POST", "/messages/1001/resend", {}, apiKey)).body).toEqual({
      success: true,
      message: "Message resend initiated successfully.",
    });
    await stage.pass(50);
    expect((await api("GET", `/whatsapp-sessions/${id}/message-logs?status=failed`)).body.data.total).toBe(0);
  });

  it("edits with a protocol message, deletes with a message at top level, and marks as read", async () => {
    const { api, receiver, emulator } = stage;
    const { apiKey } = await stage.connected();
    await api("POST", "/send-message", text, apiKey);
    const key = emulator.wasender.sent[0]?.key;
    const edited = await api("PUT", "/messages/100000", { text: "hi" }, apiKey);
    expect(edited.body.data).toMatchObject({
      msgId: 100_000,
      message: { protocolMessage: { key, type: 14, editedMessage: { extendedTextMessage: { text: "hi" } } } },
      status: 1,
    });
    expect((await api("DELETE", "/messages/100000", undefined, apiKey)).body).toEqual({
      success: true,
      message: "Message deleted successfully.",
    });
    await stage.pass(0);
    expect(receiver.received.find(({ event }) => event === "messages.delete")?.data).toEqual({ keys: [key] });
    expect((await api("POST", "/messages/read", { key }, apiKey)).body).toEqual({
      success: true,
      data: { status: "read" },
    });
    expect((await api("POST", "/messages/read", {}, apiKey)).status).toBe(422);
    expect((await api("GET", "/messages/1/info", undefined, apiKey)).status).toBe(404);
  });
});

describe("logs", () => {
  const stage = useStage();

  it("are pages of twelve keys, with string ids, JSON inside strings and times without zone", async () => {
    const { api, emulator } = stage;
    const { id, apiKey } = await stage.connected();
    for (let count = 0; count < 12; count += 1) await api("POST", "/send-message", text, apiKey);
    await stage.pass(50);
    const path = `${emulator.wasender.baseUrl}/whatsapp-sessions/${id}/message-logs`;
    const { body } = await api("GET", `/whatsapp-sessions/${id}/message-logs?page=2`);
    expect(body.data).toEqual({
      current_page: 2,
      data: [expect.anything(), expect.anything()],
      first_page_url: `${path}?page=1`,
      from: 11,
      last_page: 2,
      last_page_url: `${path}?page=2`,
      next_page_url: null,
      path,
      per_page: 10,
      prev_page_url: `${path}?page=1`,
      to: 12,
      total: 12,
    });
    expect(body.data.data.at(-1)).toEqual({
      id: "1001",
      whatsapp_session_id: "1",
      to: "+15550101",
      content: '{"text":"hello"}',
      status: "sent",
      failed_reason: null,
      created_at: "2026-08-21 12:00:00",
      updated_at: "2026-08-21 12:00:00",
    });
  });

  it("keep neither recipient nor content when message logging is off", async () => {
    const { api } = stage;
    const { id, apiKey } = await stage.connected({ log_messages: false });
    await api("POST", "/send-message", text, apiKey);
    const { body } = await api("GET", `/whatsapp-sessions/${id}/message-logs`);
    expect(body.data.data).toMatchObject([{ to: null, content: null, status: "in_progress" }]);
  });

  it("tell the newest session event first", async () => {
    const { api } = stage;
    const { id } = await stage.connected();
    await api("POST", `/whatsapp-sessions/${id}/restart`);
    const { body } = await api("GET", `/whatsapp-sessions/${id}/session-logs?per_page=2`);
    expect(body.data.data).toEqual([
      expect.objectContaining({ event_type: "status_change", status: "connecting" }),
      expect.objectContaining({
        id: expect.any(String),
        event_type: "session_restarted",
        occurred_at: "2026-08-21T12:00:00.300000Z",
      }),
    ]);
  });
});
