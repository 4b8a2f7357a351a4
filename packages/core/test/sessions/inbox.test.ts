import { describe, expect, it } from "vitest";
import type { SessionEvent } from "../../src/sessions/session-event.js";
import type { InboxRow } from "../../src/store/store.js";
import { settle } from "../../src/testing/index.js";
import { connectedSession, createStage } from "./stage.js";

async function connected() {
  const stage = createStage();
  const session = await connectedSession(stage, stage.colloquy());
  const deliver = (text: string, deliveryId?: string) =>
    session.receive(
      stage.backend.delivery(
        session.remoteId as string,
        "message",
        { message_id: `in-${text}`, chat: "+15550101", from: "+15550101", text },
        deliveryId,
      ),
    );
  return { stage, session, deliver };
}

const textOf = (event: SessionEvent): string =>
  event.type === "message.received" ? String(event.message.text) : event.type;
const onlyMessages = { types: ["message.received"] } as const;

describe("what is pushed to a session", () => {
  it("is stored before it is told", async () => {
    const { stage, session, deliver } = await connected();
    const order: string[] = [];
    const { add } = stage.store.inbox;
    Object.assign(stage.store.inbox, {
      add: async (rows: Parameters<typeof add>[0]): Promise<readonly InboxRow[]> => {
        order.push("storing");
        await settle();
        const stored = await add(rows);
        order.push("stored");
        return stored;
      },
    });
    const events = session.events(onlyMessages);
    const told = events.next().then(() => order.push("told"));
    await deliver("hello");
    order.push("acknowledged");
    await told;
    expect(order.slice(0, 2)).toEqual(["storing", "stored"]);
    expect(order.indexOf("told")).toBeGreaterThan(1);
  });

  it("counts as handled when the next event is asked for", async () => {
    const { stage, session, deliver } = await connected();
    await deliver("one");
    await deliver("two");
    const events = session.events(onlyMessages);
    const pending = async (): Promise<number> => (await stage.store.inbox.pending(session.id)).length;
    expect(textOf((await events.next()).value)).toBe("one");
    expect(await pending()).toBe(2);
    expect(textOf((await events.next()).value)).toBe("two");
    expect(await pending()).toBe(1);
  });

  it("comes again when its handler threw", async () => {
    const { session, deliver } = await connected();
    await deliver("one");
    await deliver("two");
    const seen: string[] = [];
    const handle = async (failOn: string): Promise<void> => {
      for await (const event of session.events(onlyMessages)) {
        seen.push(textOf(event));
        if (textOf(event) === failOn) throw new Error("the handler broke");
      }
    };
    await expect(handle("two")).rejects.toThrow("the handler broke");
    await expect(handle("two")).rejects.toThrow("the handler broke");
    expect(seen).toEqual(["one", "two", "two"]);
  });

  it("comes again to a process that starts after a crash", async () => {
    const { stage, session, deliver } = await connected();
    await deliver("one");
    const again = await stage.colloquy().sessions.get(session.id);
    expect(textOf((await again.events().next()).value)).toBe("one");
  });

  it("is one event however often it is delivered", async () => {
    const { session, deliver } = await connected();
    expect(await deliver("one", "d1")).toEqual({ stored: 1, duplicates: 0 });
    expect(await deliver("one", "d1")).toEqual({ stored: 0, duplicates: 1 });
    expect(await deliver("two", "d2")).toEqual({ stored: 1, duplicates: 0 });
    const events = session.events(onlyMessages);
    expect(textOf((await events.next()).value)).toBe("one");
    expect(textOf((await events.next()).value)).toBe("two");
  });

  it("is not told twice to a reader that began while it arrived", async () => {
    const { session, deliver } = await connected();
    await deliver("one");
    const events = session.events(onlyMessages);
    await deliver("two");
    await deliver("three");
    const seen: string[] = [];
    for (let count = 0; count < 3; count++) seen.push(textOf((await events.next()).value));
    expect(seen).toEqual(["one", "two", "three"]);
    const more = events.next();
    await deliver("four");
    expect(textOf((await more).value)).toBe("four");
  });

  it("stays for a later reader when this one wanted other types only", async () => {
    const { session, deliver } = await connected();
    await deliver("one");
    const abort = new AbortController();
    const reading = session.events({ types: ["state"], signal: abort.signal }).next();
    await settle();
    abort.abort();
    expect(await reading).toEqual({ done: true, value: undefined });
    expect(textOf((await session.events().next()).value)).toBe("one");
  });

  it("is refused with a missing or wrong signature, and nothing of it is kept", async () => {
    const { stage, session } = await connected();
    const good = stage.backend.delivery(session.remoteId as string, "message", {
      message_id: "in-1",
      chat: "+15550101",
      from: "+15550101",
    });
    for (const headers of [{}, { "reference-signature": "" }, { "reference-signature": "0".repeat(64) }])
      await expect(session.receive({ ...good, headers })).rejects.toMatchObject({ code: "WEBHOOK_REJECTED" });
    expect(await stage.store.inbox.pending(session.id)).toEqual([]);
  });

  it("moves the session when it tells of its state", async () => {
    const { stage, session } = await connected();
    await session.receive(stage.backend.delivery(session.remoteId as string, "session", { status: "unlinked" }));
    expect([session.state, session.snapshot.reason]).toEqual(["unlinked", "logged_out"]);
  });

  it("ends every reader's loop at a shutdown", async () => {
    const stage = createStage();
    const colloquy = stage.colloquy();
    const session = await connectedSession(stage, colloquy);
    const reading = (async () => {
      const seen: string[] = [];
      for await (const event of session.events()) seen.push(event.type);
      return seen;
    })();
    await settle();
    await stage.pass(colloquy.shutdown());
    await expect(reading).resolves.toEqual([]);
  });
});
