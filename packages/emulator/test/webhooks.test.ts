import { describe, expect, it } from "vitest";
import { lidOf } from "../src/wasender/jid.js";
import { allEvents, useStage } from "./support/stage.js";

describe("inbound messages", () => {
  const stage = useStage();

  it("make three events: the general one, the one of their kind, and the raw one as an array", async () => {
    const { emulator, receiver } = stage;
    const webhook_events = allEvents.filter((event) => event.startsWith("messages"));
    const { id } = await stage.connected({ webhook_events });
    const inbound = emulator.wasender.receive(id, { from: "+1 555 0101", text: "hello", name: "Ada" });
    await stage.pass(0);
    expect(receiver.events()).toEqual(["messages.received", "messages-personal.received", "messages.upsert"]);
    const lid = lidOf("15550101");
    const message = {
      key: {
        id: inbound.id,
        fromMe: false,
        remoteJid: lid,
        addressingMode: "lid",
        senderPn: "15550101@s.whatsapp.net",
        cleanedSenderPn: "15550101",
        senderLid: lid,
      },
      pushName: "Ada",
      messageBody: "hello",
      message: { conversation: "hello" },
      messageTimestamp: Math.floor(stage.clock.now() / 1000),
    };
    expect(receiver.received.map(({ data }) => data)).toEqual([
      { messages: message },
      { messages: message },
      { messages: [message] },
    ]);
  });

  it("carry the phone number in remoteJid when LID addressing is off", async () => {
    const { emulator, receiver } = stage;
    const { id } = await stage.connected({ webhook_events: ["messages.received"] });
    emulator.wasender.set({ lidAddressing: false });
    emulator.wasender.receive(id, { from: "15550101", text: "hello" });
    await stage.pass(0);
    expect(receiver.received).toMatchObject([
      { data: { messages: { key: { remoteJid: "15550101@s.whatsapp.net", addressingMode: "pn" } } } },
    ]);
  });

  it("name the participant in groups, and stay away from a session that ignores groups", async () => {
    const { api, emulator, receiver } = stage;
    const { id, apiKey } = await stage.connected();
    const group = (await api("GET", "/groups", undefined, apiKey)).body.data[0].jid;
    emulator.wasender.receive(id, { from: "15550101", text: "hi all", group });
    emulator.wasender.receive(id, { from: "120363000000000001@newsletter", text: "news" });
    await api("PUT", `/whatsapp-sessions/${id}`, { ignore_groups: true, ignore_channels: true });
    emulator.wasender.receive(id, { from: "15550101", text: "hi again", group });
    emulator.wasender.receive(id, { from: "120363000000000001@newsletter", text: "news" });
    await stage.pass(0);
    expect(receiver.events().filter((event) => event.startsWith("messages-"))).toEqual([
      "messages-group.received",
      "messages-newsletter.received",
    ]);
    expect(receiver.received[1]?.data).toMatchObject({
      messages: { key: { remoteJid: group, cleanedParticipantPn: "15550101", participantLid: lidOf("15550101") } },
    });
  });

  it("come only to a session with a phone", async () => {
    const { id } = await stage.session();
    expect(() => stage.emulator.wasender.receive(id, { from: "15550101", text: "x" })).toThrow(/no phone linked/);
  });
});

describe("webhook weather", () => {
  const stage = useStage();
  const say = (id: number, text: string): void => {
    stage.emulator.wasender.receive(id, { from: "15550101", text });
  };
  const bodies = (): string[] =>
    stage.receiver.received.map(({ data }) => (data as { messages: { messageBody: string } }).messages.messageBody);
  const settings = { webhook_events: ["messages.received"] };

  it("delivers in order, and only what was subscribed while webhooks are enabled", async () => {
    const { api, emulator } = stage;
    const { id } = await stage.connected(settings);
    for (const text of ["1", "2", "3", "4"]) say(id, text);
    await stage.pass(0);
    expect(bodies()).toEqual(["1", "2", "3", "4"]);
    await api("PUT", `/whatsapp-sessions/${id}`, { webhook_enabled: false });
    say(id, "5");
    await stage.pass(0);
    expect(bodies()).toHaveLength(4);
    expect(emulator.wasender.deliveries.at(-1)).toMatchObject({
      event: "messages.received",
      status: 200,
      forged: false,
    });
  });

  it("is late by the dial", async () => {
    const { emulator } = stage;
    const { id } = await stage.connected(settings);
    emulator.wasender.set({ webhookDelayMs: 3_000 });
    say(id, "late");
    await stage.pass(2_999);
    expect(bodies()).toEqual([]);
    await stage.pass(1);
    expect(bodies()).toEqual(["late"]);
  });

  it("shuffles, but loses nothing", async () => {
    const { emulator } = stage;
    const { id } = await stage.connected(settings);
    emulator.wasender.scenario("shuffled-webhooks");
    const texts = ["1", "2", "3", "4", "5", "6"];
    for (const text of texts) say(id, text);
    await stage.pass(400);
    expect(bodies()).not.toEqual(texts);
    expect(bodies().toSorted()).toEqual(texts);
  });

  it("doubles", async () => {
    const { emulator } = stage;
    const { id } = await stage.connected(settings);
    emulator.wasender.scenario("doubled-webhooks");
    say(id, "twice");
    await stage.pass(0);
    expect(bodies()).toEqual(["twice", "twice"]);
  });

  it("forges with a wrong signature and no true key", async () => {
    const { emulator, receiver } = stage;
    const { id, apiKey, webhookSecret } = await stage.connected(settings);
    emulator.wasender.scenario("forged-webhooks");
    say(id, "true");
    await stage.pass(0);
    const [forged, genuine] = receiver.received;
    expect(genuine).toMatchObject({ signature: webhookSecret, sessionId: apiKey });
    expect(forged?.signature).not.toBe(webhookSecret);
    expect(forged?.sessionId).not.toBe(apiKey);
    expect(emulator.wasender.deliveries.slice(-2).map((delivery) => delivery.forged)).toEqual([true, false]);
  });

  it("falls silent on a deaf connection that still says connected", async () => {
    const { api, emulator } = stage;
    const { id, apiKey } = await stage.connected(settings);
    emulator.wasender.scenario("deaf");
    say(id, "unheard");
    await stage.pass(1_000);
    expect(bodies()).toEqual([]);
    expect((await api("GET", "/status", undefined, apiKey)).body).toEqual({ status: "connected" });
  });

  it("keeps going when the receiver is not there, and remembers that nobody answered", async () => {
    const { emulator } = stage;
    const { id } = await stage.connected({ ...settings, webhook_url: "http://127.0.0.1:9/hook" });
    say(id, "lost");
    await stage.pass(0);
    expect(emulator.wasender.deliveries).toMatchObject([{ status: null, event: "messages.received" }]);
  });

  it("sends any event that a test makes up, with milliseconds where the provider has them", async () => {
    const { emulator, receiver } = stage;
    const { id } = await stage.connected({ webhook_events: ["poll.results", "call"] });
    emulator.wasender.emit(id, "poll.results", { key: {}, pollResult: [] });
    emulator.wasender.emit(id, "call", { call: {} });
    await stage.pass(0);
    expect(receiver.received.map(({ timestamp }) => timestamp)).toEqual([
      stage.clock.now(),
      Math.floor(stage.clock.now() / 1000),
    ]);
  });

  it("speaks the undocumented shapes when told", async () => {
    const { api, emulator, receiver } = stage;
    const { id, apiKey } = await stage.connected({ webhook_events: ["messages.upsert", "messages.update"] });
    emulator.wasender.set({ upsertAsObject: true, updateAsArray: true, readAfterMs: null });
    say(id, "hello");
    await api("POST", "/send-message", { to: "15550101", text: "hi" }, apiKey);
    await stage.pass(150);
    expect(receiver.received.map(({ data }) => data)).toMatchObject([
      { messages: { messageBody: "hello" } },
      [{ update: { status: 3 } }],
    ]);
  });

  it("forges without any signature when told", async () => {
    const { emulator, receiver } = stage;
    const { id } = await stage.connected(settings);
    emulator.wasender.set({ webhookForge: true, forgedSignature: "missing" });
    say(id, "true");
    await stage.pass(0);
    expect(receiver.received.map(({ signature }) => signature === undefined)).toEqual([true, false]);
    expect(emulator.wasender.deliveries.at(-2)).toMatchObject({ forged: true, signature: null });
  });

  it("writes timestamps in every way that receivers met", async () => {
    const { clock, emulator, receiver } = stage;
    const { id } = await stage.connected(settings);
    const seconds = Math.floor(clock.now() / 1000);
    for (const messageTimestampStyle of ["number", "text", "long"] as const) {
      emulator.wasender.set({ messageTimestampStyle });
      say(id, messageTimestampStyle);
    }
    emulator.wasender.set({ webhookTimestampUnit: "milliseconds" });
    say(id, "ms");
    await stage.pass(0);
    const written = receiver.received.map(
      ({ data }) => (data as { messages: { messageTimestamp: unknown } }).messages.messageTimestamp,
    );
    expect(written.slice(0, 3)).toEqual([seconds, String(seconds), { low: seconds, high: 0, unsigned: true }]);
    expect(receiver.received.map(({ timestamp }) => timestamp)).toEqual([seconds, seconds, seconds, clock.now()]);
  });

  it("gives the LID for a phone number, or names the session inside the data, when told", async () => {
    const { api, emulator, receiver } = stage;
    const { id, apiKey } = await stage.connected({ webhook_events: ["messages.received", "session.status"] });
    emulator.wasender.scenario("odd-webhooks");
    say(id, "hello");
    await api("POST", `/whatsapp-sessions/${id}/restart`);
    await stage.pass(0);
    const [message, status] = receiver.received;
    const lid = lidOf("15550101");
    expect(message?.data).toMatchObject({ messages: { key: { senderPn: lid, cleanedSenderPn: "15550101" } } });
    expect(status).toMatchObject({ event: "session.status", data: { status: "connecting", session_id: apiKey } });
    expect(status).not.toHaveProperty("sessionId");
  });

  it("is rough in every way at once, and still brings everything", async () => {
    const { emulator, receiver } = stage;
    const { id, webhookSecret } = await stage.connected(settings);
    emulator.wasender.scenario("rough-webhooks");
    const texts = Array.from({ length: 20 }, (_, index) => String(index));
    for (const text of texts) say(id, text);
    await stage.pass(499);
    expect(bodies()).toEqual([]);
    await stage.pass(500);
    const genuine = receiver.received.filter(({ signature }) => signature === webhookSecret);
    const arrived = genuine.map(({ data }) => (data as { messages: { messageBody: string } }).messages.messageBody);
    expect([...new Set(arrived)].toSorted()).toEqual(texts.toSorted());
    expect(arrived.length).toBeGreaterThan(texts.length);
    expect(arrived).not.toEqual(arrived.toSorted((one, other) => Number(one) - Number(other)));
    expect(receiver.received.length - genuine.length).toBe(texts.length);
  });
});
