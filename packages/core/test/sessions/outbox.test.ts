import { describe, expect, it } from "vitest";
import type { OutboundMessage } from "../../src/contract/index.js";
import { ColloquyError } from "../../src/contract/index.js";
import type { OutboxRow } from "../../src/store/store.js";
import { settle } from "../../src/testing/index.js";
import { connectedSession, createStage, restored, type Stage, type StageOptions } from "./stage.js";

const send = /^POST \/messages$/;
const text = (id: string, to = "+15550101", more: Partial<OutboundMessage> = {}): OutboundMessage => ({
  id,
  to,
  text: `Text ${id}`,
  ...more,
});

async function connected(options?: StageOptions) {
  const stage = createStage(options);
  const colloquy = stage.colloquy();
  return { stage, colloquy, session: await connectedSession(stage, colloquy) };
}

const arrived = (stage: Stage): string[] => stage.backend.messages.map(({ body }) => body["text"] as string);
const states = (rows: readonly OutboxRow[]): string[] => rows.map(({ id, state }) => `${id} ${state}`);

/** Brings the session to `reconnecting`, with no way back before `phone.restore`. */
async function disconnect(stage: Stage, remoteId: string): Promise<void> {
  stage.backend.phone.drop(remoteId);
  await stage.clock.advance(31_000);
}

describe("sending one message", () => {
  it("tells the provider's receipt and its limits, and forgets the text once sent", async () => {
    const { stage, session } = await connected();
    const sent = await stage.pass(session.send(text("a")));
    expect(sent).toMatchObject({ id: "a", sessionId: session.id, providerMessageId: "m1", status: "accepted" });
    expect(sent.rateLimits).toMatchObject([{ bucket: "sends", scope: "session", remaining: 9_999 }]);
    expect(await session.outbox()).toMatchObject([
      { id: "a", state: "sent", message: null, receipt: { providerMessageId: "m1" } },
    ]);
  });

  it("sends once however often the same id is given, at the same time and later", async () => {
    const { stage, session } = await connected();
    const [first, second] = await stage.pass(Promise.all([session.send(text("a")), session.send(text("a"))]));
    const third = await stage.pass(session.send(text("a")));
    expect([second.providerMessageId, third.providerMessageId]).toEqual([
      first.providerMessageId,
      first.providerMessageId,
    ]);
    expect(stage.countRequests(send)).toBe(1);
  });

  it("refuses what the provider would refuse, with nothing stored", async () => {
    const { session } = await connected();
    await expect(session.send({ to: "nobody", text: "Hello" })).rejects.toMatchObject({
      code: "INPUT_INVALID",
      fieldErrors: { to: ["must be a phone number."] },
    });
    await expect(session.send({ to: "+15550101", text: "x".repeat(1_001) })).rejects.toMatchObject({
      code: "MESSAGE_TOO_LONG",
    });
    await expect(session.send({ to: "+15550101" })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(await session.outbox()).toEqual([]);
  });

  it("refuses at once when the session is not on its way to be connected", async () => {
    const stage = createStage();
    const session = await stage.colloquy().sessions.create("reference", {});
    await expect(session.send(text("a"))).rejects.toMatchObject({
      code: "SESSION_NOT_CONNECTED",
      outcome: "not_attempted",
    });
    expect(await session.outbox()).toEqual([]);
  });

  it("reports a lost answer as unknown, and never sends that message again", async () => {
    const { stage, session } = await connected();
    stage.backend.fail("lose_answer", { on: send });
    await expect(stage.pass(session.send(text("a")))).rejects.toMatchObject({
      code: "OUTCOME_UNKNOWN",
      outcome: "unknown",
    });
    await expect(stage.pass(session.send(text("a")))).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect(states(await session.outbox())).toEqual(["a unknown"]);
    expect(stage.countRequests(send)).toBe(1);
  });

  it("settles a message that the provider refused as failed, and remembers why", async () => {
    const { stage, session } = await connected();
    // The pure check passes a name that only the service can refuse.
    stage.backend.fail("refuse", { on: send });
    const refused = { code: "INPUT_INVALID", outcome: "rejected", fieldErrors: { to: ["is not reachable"] } };
    await expect(stage.pass(session.send(text("a")))).rejects.toMatchObject(refused);
    expect(await session.outbox()).toMatchObject([{ id: "a", state: "failed", error: { code: "INPUT_INVALID" } }]);
    await expect(stage.pass(session.send(text("a")))).rejects.toMatchObject({
      code: "INPUT_INVALID",
      outcome: "rejected",
    });
    expect(stage.countRequests(send)).toBe(1);
  });

  it("waits out a refusal for the rate and sends then", async () => {
    const { stage, session } = await connected({ backend: { sends: { limit: 1, windowMs: 5_000 } } });
    await stage.pass(session.send(text("a")));
    const before = stage.clock.now();
    await stage.pass(session.send(text("b")));
    expect(stage.clock.now() - before).toBeGreaterThanOrEqual(4_900);
    expect(arrived(stage)).toEqual(["Text a", "Text b"]);
  });
});

describe("the queue of a session", () => {
  it("keeps the order to one recipient while others go ahead", async () => {
    const { stage, session } = await connected();
    stage.wire.hold(send);
    const all = [text("a1"), text("a2"), text("b1", "+15550102")].map((message) => session.send(message));
    await settle();
    expect(arrived(stage)).toEqual(["Text a1", "Text b1"]);
    stage.wire.release();
    await stage.pass(Promise.all(all));
    expect(arrived(stage)).toEqual(["Text a1", "Text b1", "Text a2"]);
  });

  it("lets urgent messages go before normal ones and those before bulk", async () => {
    const { stage, session } = await connected();
    await disconnect(stage, session.remoteId as string);
    const all = (["bulk", "normal", "urgent"] as const).map((priority) =>
      session.send(text(priority, "+15550101", { priority })),
    );
    await stage.clock.advance(0);
    expect(stage.countRequests(send)).toBe(0);
    stage.backend.phone.restore(session.remoteId as string);
    await stage.pass(Promise.all(all));
    expect(arrived(stage)).toEqual(["Text urgent", "Text normal", "Text bulk"]);
  });

  it("sends nothing for a message that is cancelled while it waits for the connection", async () => {
    const { stage, session } = await connected();
    await disconnect(stage, session.remoteId as string);
    const cancel = new AbortController();
    const sending = session.send(text("a"), { signal: cancel.signal });
    await stage.clock.advance(0);
    cancel.abort();
    await expect(sending).rejects.toMatchObject({ name: "AbortError" });
    stage.backend.phone.restore(session.remoteId as string);
    await stage.pass(session.waitFor("connected"));
    await stage.clock.advance(60_000);
    expect(states(await session.outbox())).toEqual(["a cancelled"]);
    expect(stage.countRequests(send)).toBe(0);
  });

  it("sends nothing for a message that is cancelled while it waits for its limit", async () => {
    const limits = [
      { bucket: "sends", scope: "session", limit: 1, windowMs: 60_000, source: "test", asOf: "2026-11-21" },
    ] as const;
    const { stage, session } = await connected({ limits });
    await stage.pass(session.send(text("a")));
    const cancel = new AbortController();
    const sending = session.send(text("b"), { signal: cancel.signal });
    await stage.clock.advance(1_000);
    cancel.abort();
    await expect(sending).rejects.toMatchObject({ name: "AbortError" });
    await stage.clock.advance(120_000);
    expect(states(await session.outbox())).toEqual(["a sent", "b cancelled"]);
    expect(stage.countRequests(send)).toBe(1);
  });

  it("calls a message unknown that is cancelled after it left", async () => {
    const { stage, session } = await connected();
    stage.wire.hold(send);
    const cancel = new AbortController();
    const sending = session.send(text("a"), { signal: cancel.signal });
    await settle();
    cancel.abort();
    await expect(sending).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect(states(await session.outbox())).toEqual(["a unknown"]);
  });

  it("gives up at the deadline also while it only waits for the connection", async () => {
    const { stage, session } = await connected();
    await disconnect(stage, session.remoteId as string);
    const before = stage.clock.now();
    await expect(stage.pass(session.send(text("a"), { timeoutMs: 5_000 }))).rejects.toMatchObject({
      code: "DEADLINE_EXCEEDED",
      outcome: "not_attempted",
    });
    expect(stage.clock.now() - before).toBeLessThan(10_000);
    stage.backend.phone.restore(session.remoteId as string);
    await stage.clock.advance(120_000);
    expect(stage.countRequests(send)).toBe(0);
  });

  it("keeps a message that the provider refused as not connected, and sends it after the reconnect", async () => {
    const { stage, session } = await connected();
    stage.backend.phone.drop(session.remoteId as string);
    const sending = session.send(text("a"));
    await stage.clock.advance(3_000);
    expect(session.state).toBe("reconnecting");
    stage.backend.phone.restore(session.remoteId as string);
    expect(await stage.pass(sending)).toMatchObject({ providerMessageId: "m1" });
    expect(arrived(stage)).toEqual(["Text a"]);
  });

  it("hears of a cancellation while a message that came back waits", async () => {
    const { stage, session } = await connected();
    stage.backend.phone.drop(session.remoteId as string);
    const cancel = new AbortController();
    const sending = session.send(text("a"), { signal: cancel.signal });
    await stage.clock.advance(100);
    expect(stage.countRequests(send)).toBe(1);
    cancel.abort();
    await expect(stage.pass(sending, 1_000)).rejects.toMatchObject({ name: "AbortError" });
    expect(states(await session.outbox())).toEqual(["a cancelled"]);
  });

  it("stores a batch as a whole or not at all, and tells each one's fate", async () => {
    const { stage, session } = await connected();
    const batch = session.sendAll([text("a"), { to: "nobody", text: "b" }]);
    await expect(batch.next()).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(await session.outbox()).toEqual([]);
    stage.backend.fail("lose_answer", { on: send });
    const fates = await stage.pass(collect(session.sendAll([text("a"), text("b", "+15550102")])));
    expect(fates.map(({ id, state }) => `${id} ${state}`).toSorted()).toEqual(["a unknown", "b sent"]);
  });
});

describe("a store that fails after the provider took the message", () => {
  it("is told to the log, while the caller hears the truth: it was sent", async () => {
    const stage = createStage();
    const { outbox } = stage.store;
    const store = {
      ...stage.store,
      outbox: {
        ...outbox,
        move: async (...move: Parameters<typeof outbox.move>) => {
          if (move[3].state === "sent")
            throw new ColloquyError({ code: "STORE_UNAVAILABLE", message: "The disk is full." });
          return outbox.move(...move);
        },
      },
    };
    const session = await connectedSession(stage, stage.colloquy({ store }));
    expect(await stage.pass(session.send({ id: "a", to: "+15550101", text: "Hello" }))).toMatchObject({
      providerMessageId: "m1",
    });
    expect((await outbox.get(session.id, "a"))?.state).toBe("sending");
    expect(stage.log).toContainEqual(
      expect.objectContaining({
        event: "outbox.not_settled",
        fields: expect.objectContaining({ code: "STORE_UNAVAILABLE" }),
      }),
    );
  });
});

describe("what an earlier process left in the outbox", () => {
  it("goes on with queued messages, and reports those under way as unknown", async () => {
    const { stage, session } = await connected();
    await disconnect(stage, session.remoteId as string);
    const row = { sessionId: session.id, priority: "normal", acceptedAtMs: stage.clock.now() } as const;
    await stage.store.outbox.add([
      { ...row, id: "left", state: "sending", message: text("left") },
      { ...row, id: "waiting", state: "queued", message: text("waiting") },
    ]);
    stage.backend.phone.restore(session.remoteId as string);
    const again = await restored(stage);
    const told: string[] = [];
    void (async () => {
      for await (const event of again.events())
        if (event.type === "send") told.push(`${event.messageId} ${event.state}`);
    })();
    const counts = await stage.pass(again.drain());
    expect(counts).toMatchObject({ unknown: 1, sent: 1, queued: 0, sending: 0 });
    expect(arrived(stage)).toEqual(["Text waiting"]);
    expect(told).toContain("waiting sent");
    await expect(stage.pass(again.send(text("left")))).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });

  it("leaves queued messages stored at a shutdown, for the next process", async () => {
    const { stage, colloquy, session } = await connected();
    await disconnect(stage, session.remoteId as string);
    const sending = session.send(text("a"));
    const refused = expect(sending).rejects.toMatchObject({ code: "SHUT_DOWN" });
    await stage.clock.advance(0);
    await stage.pass(colloquy.shutdown());
    await refused;
    stage.backend.phone.restore(session.remoteId as string);
    const again = await restored(stage);
    await stage.pass(again.drain());
    expect(arrived(stage)).toEqual(["Text a"]);
  });

  it("leaves a message stored that waited for its limit at a shutdown", async () => {
    const limits = [
      { bucket: "sends", scope: "session", limit: 1, windowMs: 60_000, source: "test", asOf: "2026-11-21" },
    ] as const;
    const { stage, colloquy, session } = await connected({ limits });
    await stage.pass(session.send(text("a")));
    const refused = expect(session.send(text("b"))).rejects.toMatchObject({ code: "SHUT_DOWN" });
    await stage.clock.advance(1_000);
    await stage.pass(colloquy.shutdown({ graceMs: 1_000 }));
    await refused;
    const again = await restored(stage);
    expect(states(await again.outbox())).toEqual(["a sent", "b queued"]);
    await stage.pass(again.drain());
    expect(arrived(stage)).toEqual(["Text a", "Text b"]);
  });

  it("leaves a message stored that was refused for the rate when the shutdown came", async () => {
    const { stage, colloquy, session } = await connected();
    let isPaced = false;
    void (async () => {
      for await (const event of session.events()) isPaced ||= event.type === "paced";
    })();
    stage.backend.fail("throttle", { on: send });
    const refused = expect(session.send(text("a"))).rejects.toMatchObject({ code: "SHUT_DOWN" });
    await stage.until(() => isPaced);
    expect([stage.countRequests(send), arrived(stage)]).toEqual([1, []]);
    await stage.pass(colloquy.shutdown({ graceMs: 0 }));
    await refused;
    const again = await restored(stage);
    expect(states(await again.outbox())).toEqual(["a queued"]);
    await stage.pass(again.drain());
    expect(arrived(stage)).toEqual(["Text a"]);
  });

  it("gives a message under way its time at a shutdown, and calls it unknown after", async () => {
    const { stage, colloquy, session } = await connected();
    stage.wire.hold(send);
    const settled = session.send(text("a"));
    await settle();
    const closing = colloquy.shutdown({ graceMs: 2_000 });
    await stage.clock.advance(1_000);
    stage.wire.release();
    expect(await settled).toMatchObject({ providerMessageId: "m1" });
    await stage.pass(closing);
  });

  it("sends every message once when another process takes the session over meanwhile", async () => {
    const limits = [
      { bucket: "sends", scope: "session", limit: 1, windowMs: 5_000, source: "test", asOf: "2026-11-21" },
    ] as const;
    const { stage, session } = await connected({ limits });
    const ids = ["a", "b", "c", "d", "e"];
    const fates = Promise.allSettled(ids.map((id, index) => session.send(text(id, `+1555010${index}`))));
    await stage.clock.advance(1_000);
    // Answers are late, so that both processes hold the same messages while one of them sends.
    stage.wire.hold(send);
    const other = await restored(stage);
    await stage.clock.advance(12_000);
    stage.wire.release();
    await stage.pass(other.drain());
    await stage.clock.advance(120_000);
    await fates;
    expect(arrived(stage).toSorted()).toEqual(ids.map((id) => `Text ${id}`));
    expect(states(await session.outbox())).toEqual(ids.map((id) => `${id} sent`));
  });

  it("sends over a connected session that another process runs, without taking it over", async () => {
    const { stage, session } = await connected();
    const other = await stage.colloquy().sessions.get(session.id);
    expect(await stage.pass(other.send(text("a")))).toMatchObject({ providerMessageId: "m1" });
    await stage.clock.advance(120_000);
    expect(session.state).toBe("connected");
    await expect(stage.pass(session.send(text("b")))).resolves.toMatchObject({ providerMessageId: "m2" });
  });
});

async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}
