import type { SessionEvent } from "@colloquy/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { receiveWebhooks } from "./support/hooked.js";
import { type Service, startService } from "./support/service.js";

const events = ["message.sent", "messages.update", "message-receipt.update"] as const;

let service: Service;
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  const dials = { scanAfterMs: 10, sentAfterMs: 20, deliveredAfterMs: 150, readAfterMs: 300 };
  service = await startService({ dials: { ...dials, unknownNumbers: ["15550199"] } });
  for await (const _challenge of service.session.pair()) void 0;
});

afterEach(async () => {
  await service.close();
  for (const close of closers.splice(0)) await close();
});

const infoRequests = (): number =>
  service.emulator.wasender.requests.filter(({ path }) => /^\/messages\/\d+\/info$/.test(path)).length;

describe("receipts over webhooks", () => {
  beforeEach(async () => void closers.push(await receiveWebhooks(service, events)));

  it("join what WhatsApp tells by its key to the message that was sent", async () => {
    const sent = await service.session.send({ id: "order-1", to: "+15550101", text: "Hello" });
    const read = sent.read();
    expect(["delivered", "read"]).toContain((await sent.delivered()).status);
    expect(await read).toMatchObject({ status: "read" });
    expect(await sent.failed()).toBeUndefined();
    const [row] = await service.session.outbox();
    expect(row).toMatchObject({ id: "order-1", messageKey: service.emulator.wasender.sent[0]?.key.id });
    expect(infoRequests()).toBe(1);
  });

  it("tell why a message failed", async () => {
    const sent = await service.session.send({ to: "+15550199", text: "Hello" });
    expect(await sent.failed()).toMatchObject({ reason: expect.stringContaining("Invalid number") });
    await expect(sent.delivered()).rejects.toMatchObject({ code: "DELIVERY_FAILED" });
    const error = await sent.read().catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error) + String(error)).not.toContain("15550199");
  });

  it("put the name of our message on the event, and none on a message from the phone", async () => {
    const { session, emulator, id } = service;
    const seen: SessionEvent[] = [];
    const stop = new AbortController();
    const reading = (async () => {
      for await (const event of session.events({ types: ["message.status"], signal: stop.signal })) seen.push(event);
    })();
    const sent = await session.send({ id: "order-2", to: "+15550101", text: "Hello" });
    await sent.read();
    const key = { id: "3EB0PHONE", fromMe: true, remoteJid: "15550101@s.whatsapp.net" };
    emulator.wasender.emit(id, "messages.update", { update: { status: 4 }, key });
    await expect.poll(() => seen.some((event) => "messageKey" in event && event.messageKey === key.id)).toBe(true);
    stop.abort();
    await reading;
    const names = new Map(seen.map((event) => ["messageKey" in event ? event.messageKey : "", event]));
    expect(names.get(emulator.wasender.sent[0]?.key.id ?? "")).toMatchObject({ messageId: "order-2" });
    expect(names.get(key.id)).not.toHaveProperty("messageId");
  });
});

describe("receipts without webhooks", () => {
  it("come from looking at the message's info", async () => {
    const sent = await service.session.send({ to: "+15550101", text: "Hello" });
    expect(await sent.delivered({ timeoutMs: 20_000 })).toMatchObject({
      status: expect.stringMatching(/delivered|read/),
    });
    expect(infoRequests()).toBeLessThanOrEqual(2);
  });

  it("tell a failure too, though not why", async () => {
    const sent = await service.session.send({ to: "+15550199", text: "Hello" });
    expect(await sent.failed({ timeoutMs: 20_000 })).toEqual({ atMs: expect.any(Number) });
  });

  it("are not looked for when nobody asks", async () => {
    await service.session.send({ to: "+15550101", text: "Hello" });
    expect(infoRequests()).toBe(0);
  });
});
