import { describe, expect, it } from "vitest";
import { lidOf } from "../src/wasender/jid.js";
import { allEvents, useStage } from "./support/stage.js";

const ada = "15550101@s.whatsapp.net";

describe("webhook events", () => {
  const stage = useStage();
  const dataOf = (event: string): unknown[] =>
    stage.receiver.received.filter((received) => received.event === event).map(({ data }) => data);

  it("all come out of the life of a session, without any being made up", async () => {
    const { api, emulator, receiver } = stage;
    const { wasender } = emulator;
    const { id } = await stage.session();
    const sessionPath = `/whatsapp-sessions/${id}`;
    wasender.set({ passkeyFallback: true });
    await api("POST", `${sessionPath}/connect`, { linkMethod: "passkey" });
    await stage.pass(300 + 45_000);
    wasender.scan(id);
    await stage.pass(300);
    const { apiKey } = stage.view(id);
    const session = (method: string, path: string, body?: unknown) => api(method, path, body, apiKey);

    const { id: inbound } = wasender.receive(id, { from: "15550101", text: "hello" });
    const group = (await session("GET", "/groups")).body.data[0].jid;
    wasender.receive(id, { from: "15550101", text: "hi all", group });
    wasender.receive(id, { from: "120363000000000001@newsletter", text: "news" });
    await session("POST", "/send-message", { to: "15550101", poll: { question: "Tea?", options: ["yes", "no"] } });
    await stage.pass(500);
    const poll = wasender.sent[0]?.key.id ?? "";
    wasender.happen(id, { kind: "reaction", from: "15550101", messageId: poll, emoji: "👍" });
    wasender.happen(id, { kind: "vote", from: "15550101", messageId: poll, options: ["yes"] });
    wasender.happen(id, { kind: "deletion", messageId: inbound });
    wasender.happen(id, { kind: "call", from: "15550101" });
    wasender.happen(id, { kind: "portrait", of: "15550101", imgUrl: "https://img.example/ada.jpg" });
    wasender.happen(id, { kind: "chat_deleted", chat: "15550101" });
    await session("PUT", `/groups/${group}/settings`, { subject: "Friends of tea" });
    await session("POST", `/groups/${group}/participants/add`, { participants: ["15550103"] });
    await stage.pass(0);
    expect([...new Set(receiver.events())].toSorted()).toEqual(allEvents);
    expect(allEvents).toHaveLength(23);
  });

  it("tell a reaction with the message's key and one of its own", async () => {
    const { emulator } = stage;
    const { id } = await stage.connected({ webhook_events: ["messages.reaction"] });
    const inbound = emulator.wasender.receive(id, { from: "15550101", text: "hello" });
    emulator.wasender.happen(id, { kind: "reaction", from: "15550102", messageId: inbound.id, emoji: "👍" });
    await stage.pass(0);
    expect(dataOf("messages.reaction")).toMatchObject([
      [
        {
          key: { id: inbound.id, remoteJid: lidOf("15550101") },
          reaction: { text: "👍", key: { fromMe: false, cleanedSenderPn: "15550102" } },
        },
      ],
    ]);
  });

  it("tell the whole result of a poll at every vote, in milliseconds", async () => {
    const { api, clock, emulator, receiver } = stage;
    const { id, apiKey } = await stage.connected({ webhook_events: ["poll.results"] });
    const poll = { question: "Tea?", options: ["yes", "no"], multiSelect: true };
    await api("POST", "/send-message", { to: "15550101", poll }, apiKey);
    const messageId = emulator.wasender.sent[0]?.key.id ?? "";
    const vote = (from: string, options: string[]): void =>
      emulator.wasender.happen(id, { kind: "vote", from, messageId, options });
    vote("15550101", ["yes", "no"]);
    vote("15550102", ["no"]);
    vote("15550101", []);
    await stage.pass(0);
    expect(receiver.received.at(-1)?.timestamp).toBe(clock.now());
    expect(dataOf("poll.results").map((data) => (data as { pollResult: unknown }).pollResult)).toEqual([
      [
        { name: "yes", voters: [ada] },
        { name: "no", voters: [ada] },
      ],
      [
        { name: "yes", voters: [ada] },
        { name: "no", voters: [ada, "15550102@s.whatsapp.net"] },
      ],
      [
        { name: "yes", voters: [] },
        { name: "no", voters: ["15550102@s.whatsapp.net"] },
      ],
    ]);
    expect(() => vote("15550101", ["maybe"])).toThrow(/no option "maybe"/);
  });

  it("carry a correction inside a message of its own, and name what was deleted", async () => {
    const { emulator } = stage;
    const { id } = await stage.connected({ webhook_events: ["messages.upsert", "messages.delete"] });
    emulator.wasender.set({ lidAddressing: false });
    const { id: messageId } = emulator.wasender.receive(id, { from: "15550101", text: "helo" });
    emulator.wasender.happen(id, { kind: "edit", messageId, text: "hello" });
    emulator.wasender.happen(id, { kind: "deletion", messageId });
    await stage.pass(0);
    const key = { id: messageId, fromMe: false, remoteJid: ada };
    expect(dataOf("messages.upsert").at(-1)).toMatchObject({
      messages: [
        { message: { protocolMessage: { key, type: 14, editedMessage: { extendedTextMessage: { text: "hello" } } } } },
      ],
    });
    expect(dataOf("messages.delete")).toEqual([{ keys: [key] }]);
  });

  it("count what is unread in a chat until somebody reads it", async () => {
    const { api, emulator } = stage;
    const { id, apiKey } = await stage.connected({ webhook_events: ["chats.update"] });
    for (const text of ["1", "2"]) emulator.wasender.receive(id, { from: "15550101", text });
    emulator.wasender.happen(id, { kind: "chat_read", chat: "+15550101" });
    emulator.wasender.receive(id, { from: "15550101", text: "3" });
    const key = { id: "3EB0", remoteJid: lidOf("15550101"), fromMe: false };
    await api("POST", "/messages/read", { key }, apiKey);
    await stage.pass(0);
    const counts = dataOf("chats.update").map((data) => (data as { unreadCount: number }[])[0]?.unreadCount);
    expect(counts).toEqual([1, 2, 0, 1, 0]);
  });

  it("need a linked phone, and a message that exists", async () => {
    const { emulator } = stage;
    const { id } = await stage.session();
    const reaction = { kind: "reaction", from: "15550101", messageId: "none", emoji: "👍" } as const;
    expect(() => emulator.wasender.happen(id, reaction)).toThrow(/no phone linked/);
    const { id: linked } = await stage.connected();
    expect(() => emulator.wasender.happen(linked, reaction)).toThrow(/knows no message none/);
    expect(() => emulator.wasender.happen(linked, { ...reaction, kind: "deletion" })).toThrow(/received no message/);
    expect(() => emulator.wasender.happen(linked, { ...reaction, kind: "vote", options: [] })).toThrow(/no poll/);
  });
});

describe("the fate of an accepted message", () => {
  const stage = useStage();
  const voice = { to: "15550101", audioUrl: "https://files.example/a.ogg" };

  it("is told step by step: sent, delivered, read and, for a voice message, played", async () => {
    const { api, emulator, receiver } = stage;
    const events = ["message.sent", "messages.update", "message-receipt.update"];
    const { apiKey } = await stage.connected({ webhook_events: events });
    emulator.wasender.set({ playedAfterMs: 900 });
    await api("POST", "/send-message", voice, apiKey);
    await api("POST", "/send-message", { to: "15550102", text: "hello" }, apiKey);
    await stage.pass(1_000);
    const statuses = receiver.received
      .filter(({ event }) => event === "messages.update")
      .map(({ data }) => (data as { update: { status: number } }).update.status);
    expect(statuses).toEqual([3, 3, 4, 4, 5]);
    expect(receiver.events().filter((event) => event === "message.sent")).toHaveLength(2);
    expect(receiver.events().filter((event) => event === "message-receipt.update")).toHaveLength(5);
    expect(emulator.wasender.sent.map(({ status }) => status)).toEqual([5, 4]);
  });

  it("may be a failure by chance, of which the log knows the reason and which can be sent again", async () => {
    const { api, emulator, receiver } = stage;
    const { id, apiKey } = await stage.connected({ webhook_events: ["message.sent"] });
    emulator.wasender.set({ sendFailureRate: 1 });
    await api("POST", "/send-message", voice, apiKey);
    await stage.pass(1_000);
    const error = "Failed to send message: Timed Out";
    expect(receiver.received).toMatchObject([{ data: { success: false, error } }]);
    const { body } = await api("GET", `/whatsapp-sessions/${id}/message-logs`);
    expect(body.data.data).toMatchObject([{ status: "failed", failed_reason: error }]);
    emulator.wasender.set({ sendFailureRate: 0 });
    await api("POST", `/messages/${body.data.data[0].id}/resend`, undefined, apiKey);
    await stage.pass(1_000);
    expect(receiver.received.at(-1)).toMatchObject({ data: { success: true } });
  });
});
