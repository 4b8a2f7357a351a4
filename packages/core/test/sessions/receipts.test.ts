import { afterEach, describe, expect, it } from "vitest";
import type { SentMessage } from "../../src/sessions/sent-message.js";
import type { Session } from "../../src/sessions/session.js";
import type { SessionEvent } from "../../src/sessions/session-event.js";
import { type ReferenceProvider, settle } from "../../src/testing/index.js";
import { connectedSession, createStage, type Stage } from "./stage.js";

const look = /^GET \/messages\/m1$/;
const hourMs = 3_600_000;

async function sentOne(options?: { readonly withoutProgress?: boolean }) {
  const stage = createStage();
  const { progress: _progress, ...send } = stage.provider.facets.send ?? {};
  const provider = { ...stage.provider, facets: { ...stage.provider.facets, send } } as ReferenceProvider;
  const colloquy = stage.colloquy(options?.withoutProgress ? { providers: [provider] as const } : {});
  const session = await connectedSession(stage, colloquy);
  const sent = await stage.pass(session.send({ id: "a", to: "+15550101", text: "Hello" }));
  return { stage, colloquy, session, sent };
}

/** The network tells: the service knows it, and pushes it when there is a webhook. */
async function told(stage: Stage, session: Session<ReferenceProvider>, status: string, more = {}): Promise<void> {
  stage.backend.progress("m1", status);
  const data = { message_id: "k1", status, ...more };
  await session.receive(stage.backend.delivery(session.remoteId as string, "receipt", data));
  await settle();
}

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
process.on("unhandledRejection", onUnhandled);
afterEach(() => {
  if (unhandled.length > 0) throw new Error(`Rejections that nobody handled: ${String(unhandled.splice(0))}`);
});

describe("receipts told by events", () => {
  it("resolve delivered and read as the events arrive, after one look for the message's key", async () => {
    const { stage, session, sent } = await sentOne();
    const delivered = sent.delivered();
    const read = sent.read();
    await stage.until(() => stage.countRequests(look) === 1);
    await told(stage, session, "delivered");
    expect(await delivered).toEqual({ status: "delivered", atMs: stage.clock.now() });
    await told(stage, session, "read");
    expect(await read).toMatchObject({ status: "read" });
    expect(stage.countRequests(look)).toBe(1);
  });

  it("count what was read or played as delivered", async () => {
    const { stage, session, sent } = await sentOne();
    await told(stage, session, "played");
    expect(await sent.delivered()).toMatchObject({ status: "played" });
    expect(await sent.read()).toMatchObject({ status: "played" });
    expect(await sent.failed()).toBeUndefined();
  });

  it("are known when they came before anybody asked, and in another process, without asking the provider again", async () => {
    const { stage, session, colloquy } = await sentOne();
    await told(stage, session, "delivered");
    const looks = stage.countRequests(look);
    await colloquy.shutdown();
    const later = await stage.colloquy().sessions.get(session.id);
    const sent = (await later.sent("a")) as SentMessage;
    expect(await sent.delivered()).toMatchObject({ status: "delivered" });
    expect(sent).toMatchObject({ id: "a", providerMessageId: "m1", status: "accepted" });
    expect([looks, stage.countRequests(look)]).toEqual([1, 1]);
  });

  it("are not taken back by what arrives late", async () => {
    const { stage, session, sent } = await sentOne();
    await told(stage, session, "read");
    await told(stage, session, "sent");
    await told(stage, session, "failed");
    expect(await sent.read()).toMatchObject({ status: "read" });
    expect(await session.outbox()).toMatchObject([{ id: "a", messageKey: "k1", delivery: { status: "read" } }]);
  });

  it("reject delivered and read, and resolve failed with the reason, when the message failed", async () => {
    const { stage, session, sent } = await sentOne();
    const waits = [sent.delivered(), sent.read(), sent.failed()] as const;
    await stage.until(() => stage.countRequests(look) === 1);
    await told(stage, session, "failed", { reason: "No account +15550101." });
    await expect(waits[0]).rejects.toMatchObject({
      code: "DELIVERY_FAILED",
      outcome: "rejected",
      providerMessage: "No account [redacted].",
    });
    await expect(waits[1]).rejects.toMatchObject({ code: "DELIVERY_FAILED" });
    expect(await waits[2]).toEqual({ atMs: stage.clock.now(), reason: "No account +15550101." });
  });

  it("name our message in the event, and leave a message that was written on the phone without a name", async () => {
    const { stage, session } = await sentOne();
    const seen: SessionEvent[] = [];
    const stop = new AbortController();
    const reading = (async () => {
      for await (const event of session.events({ types: ["message.status"], signal: stop.signal })) seen.push(event);
    })();
    await told(stage, session, "delivered");
    const phone = { message_id: "phone-1", status: "read" };
    for (let time = 0; time < 5; time++)
      await session.receive(stage.backend.delivery(session.remoteId as string, "receipt", phone));
    await stage.until(() => seen.length === 6);
    expect(seen[0]).toMatchObject({ messageKey: "k1", messageId: "a", status: "delivered" });
    expect(seen.slice(1).some((event) => "messageId" in event)).toBe(false);
    // Foreign keys are looked for among messages that have none, and there is no such message any more.
    expect(stage.countRequests(/^GET \/messages\//)).toBe(1);
    stop.abort();
    await reading;
  });

  it("hold up no other event while they are joined, and are told in the order of arrival", async () => {
    const { stage, session } = await sentOne();
    const { outbox } = stage.store;
    const list = outbox.list.bind(outbox);
    Object.assign(outbox, { list: async (...query: Parameters<typeof list>) => (await settle(), list(...query)) });
    const seen: string[] = [];
    const stop = new AbortController();
    const reading = (async () => {
      for await (const event of session.events({ signal: stop.signal })) seen.push(event.type);
    })();
    const { backend } = stage;
    const id = session.remoteId as string;
    const message = { message_id: "in-1", chat: "+15550101", from: "+15550101", text: "Hello" };
    await Promise.all([
      session.receive(backend.delivery(id, "receipt", { message_id: "k1", status: "delivered" })),
      session.receive(backend.delivery(id, "message", message)),
    ]);
    await stage.until(() => seen.length === 2);
    expect(seen).toEqual(["message.status", "message.received"]);
    stop.abort();
    await reading;
  });

  it("are joined by the next process that reads, where the one that stored them died", async () => {
    const { stage, session, colloquy } = await sentOne();
    const list = stage.store.outbox.list.bind(stage.store.outbox);
    Object.assign(stage.store.outbox, { list: () => Promise.reject(new Error("The process died here.")) });
    await told(stage, session, "read");
    await colloquy.shutdown();
    Object.assign(stage.store.outbox, { list });
    const later = await stage.colloquy().sessions.get(session.id);
    const first = await stage.pass(later.events({ types: ["message.status"] }).next());
    expect(first.value).toMatchObject({ messageKey: "k1", messageId: "a" });
    expect(await later.outbox()).toMatchObject([{ delivery: { status: "read" } }]);
  });

  it("ask about each message that has no key at most three times, however many foreign keys are told", async () => {
    const { stage, session } = await sentOne();
    stage.backend.fail("unavailable", { on: look, times: 100 });
    for (let time = 0; time < 9; time++) {
      const data = { message_id: `phone-${time}`, status: "read" };
      await session.receive(stage.backend.delivery(session.remoteId as string, "receipt", data));
      await stage.clock.advance(2_000);
    }
    expect(stage.countRequests(look)).toBe(3);
  });

  it("are joined by the id that sending answered where the provider cannot be asked", async () => {
    const { stage, session, sent } = await sentOne({ withoutProgress: true });
    const delivered = sent.delivered();
    const data = { message_id: "m1", status: "delivered" };
    await session.receive(stage.backend.delivery(session.remoteId as string, "receipt", data));
    expect(await stage.pass(delivered)).toMatchObject({ status: "delivered" });
    expect(stage.countRequests(/^GET \/messages\//)).toBe(0);
  });
});

describe("receipts without events", () => {
  it("come from looking at the provider, with pauses that double up to five minutes", async () => {
    const { stage, sent } = await sentOne();
    const delivered = sent.delivered();
    const lookedAtMs: number[] = [];
    const startMs = stage.clock.now();
    let count = 0;
    await stage.clock.runUntil(
      () => {
        const now = stage.countRequests(look);
        if (now > count) lookedAtMs.push((stage.clock.now() - startMs) / 1_000);
        count = now;
        if (count === 11) stage.backend.progress("m1", "delivered");
        return count === 12;
      },
      { limitMs: hourMs },
    );
    expect(lookedAtMs).toEqual([0, 2, 6, 14, 30, 62, 126, 254, 510, 810, 1_110, 1_410]);
    expect(await delivered).toMatchObject({ status: "delivered" });
  });

  it("cost nothing for messages that nobody asks about", async () => {
    const { stage } = await sentOne();
    await stage.clock.advance(hourMs);
    expect(stage.countRequests(look)).toBe(0);
  });

  it("stop looking once nobody waits any more", async () => {
    const { stage, sent } = await sentOne();
    const stop = new AbortController();
    const delivered = sent.delivered({ signal: stop.signal });
    await stage.clock.advance(5_000);
    stop.abort();
    await expect(delivered).rejects.toMatchObject({ name: "AbortError" });
    await stage.clock.advance(hourMs);
    expect(stage.countRequests(look)).toBe(2);
  });

  it("look again for whoever asks after an earlier one gave up", async () => {
    const { stage, sent } = await sentOne();
    await expect(stage.pass(sent.delivered({ timeoutMs: 1_000 }))).rejects.toMatchObject({ code: "WAIT_TIMEOUT" });
    const delivered = sent.delivered();
    await stage.clock.advance(1_000);
    stage.backend.progress("m1", "delivered");
    expect(await stage.pass(delivered)).toMatchObject({ status: "delivered" });
  });

  it("survive a store that cannot be read for a while", async () => {
    const { stage, sent } = await sentOne();
    const { outbox } = stage.store;
    const get = outbox.get.bind(outbox);
    Object.assign(outbox, { get: () => Promise.reject(new Error("The disk is away.")) });
    const waits = [sent.delivered(), sent.read()];
    await stage.clock.advance(3_000);
    Object.assign(outbox, { get });
    stage.backend.progress("m1", "read");
    expect(await stage.pass(Promise.all(waits))).toMatchObject([{ status: "read" }, { status: "read" }]);
  });

  it("survive a provider that cannot be reached for a while", async () => {
    const { stage, sent } = await sentOne();
    stage.backend.fail("unavailable", { on: look, times: 3 });
    const delivered = sent.delivered();
    stage.backend.progress("m1", "delivered");
    expect(await stage.pass(delivered, hourMs)).toMatchObject({ status: "delivered" });
    expect(stage.countRequests(look)).toBe(4);
  });

  it("ask about one message at a time", async () => {
    const { stage, session } = await sentOne();
    const more = await stage.pass(
      Promise.all(["b", "c"].map((id) => session.send({ id, to: "+15550102", text: "Hello" }))),
    );
    stage.wire.hold(/^GET \/messages\//);
    const waits = more.map((sent) => sent.delivered());
    await settle();
    await settle();
    expect(stage.wire.heldCount).toBe(1);
    for (const id of ["m2", "m3"]) stage.backend.progress(id, "delivered");
    stage.wire.release();
    expect(await stage.pass(Promise.all(waits))).toHaveLength(2);
  });
});

describe("waiting for a receipt", () => {
  it("ends with WAIT_TIMEOUT after the time given, and leaves no timer behind", async () => {
    const { stage, sent } = await sentOne();
    const before = stage.clock.armed;
    await expect(stage.pass(sent.read({ timeoutMs: 10_000 }))).rejects.toMatchObject({ code: "WAIT_TIMEOUT" });
    expect(stage.clock.armed).toBe(before);
  });

  it("ends with the signal's reason, also when it was aborted before", async () => {
    const { sent } = await sentOne();
    const reason = new Error("No longer wanted.");
    await expect(sent.delivered({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("ends with SHUT_DOWN when Colloquy is shut down, before and after, and nothing is unhandled", async () => {
    const { stage, colloquy, sent } = await sentOne();
    const waits = [sent.delivered(), sent.read(), sent.failed()];
    await settle();
    await stage.pass(colloquy.shutdown());
    for (const wait of waits) await expect(wait).rejects.toMatchObject({ code: "SHUT_DOWN" });
    await expect(sent.delivered()).rejects.toMatchObject({ code: "SHUT_DOWN" });
    void sent.read();
    await settle();
    expect(stage.clock.armed).toBe(0);
  });

  it("ends with STATE_UNREACHABLE when the session was ended", async () => {
    const { stage, session, sent } = await sentOne();
    await stage.pass(session.close());
    await expect(stage.pass(sent.delivered())).rejects.toMatchObject({ code: "STATE_UNREACHABLE" });
  });

  it("is refused where the provider tells nothing after taking a message", async () => {
    const stage = createStage();
    const { send, receive: _receive, ...facets } = stage.provider.facets;
    const { progress: _progress, ...bare } = send as NonNullable<typeof send>;
    const provider = { ...stage.provider, facets: { ...facets, send: bare } } as ReferenceProvider;
    const colloquy = stage.colloquy({ providers: [provider] as const });
    const session = await connectedSession(stage, colloquy);
    const sent = await stage.pass(session.send({ to: "+15550101", text: "Hello" }));
    await expect(sent.delivered()).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  it("gives no handle for a message that was not sent", async () => {
    const { session } = await sentOne();
    expect(await session.sent("another")).toBeUndefined();
  });
});
