import { describe, expect, it } from "vitest";
import { connectedSession, createStage, restored, type Stage } from "./stage.js";

const to = "+15550101";
const arrived = ({ backend }: Stage): unknown[] => backend.messages.map(({ body }) => body["text"]);

async function connected() {
  const stage = createStage();
  return { stage, session: await connectedSession(stage, stage.colloquy()) };
}

describe("a message for later", () => {
  it("leaves when its time has come, and holds nothing up until then", async () => {
    const { stage, session } = await connected();
    const later = session.send({ id: "later", to, text: "later" }, { sendAtMs: stage.clock.now() + 60_000 });
    await stage.pass(session.send({ id: "now", to, text: "now" }));
    await stage.clock.advance(59_000);
    expect(arrived(stage)).toEqual(["now"]);
    expect((await stage.pass(later)).id).toBe("later");
    expect(arrived(stage)).toEqual(["now", "later"]);
  });

  it("leaves in a later process, too", async () => {
    const { stage, session } = await connected();
    await session.enqueue([{ id: "later", to, text: "later" }], { sendAtMs: stage.clock.now() + 60_000 });
    const next = await restored(stage);
    await stage.clock.advance(50_000);
    expect(arrived(stage)).toEqual([]);
    await stage.clock.advance(20_000);
    expect(arrived(stage)).toEqual(["later"]);
    expect(await next.outbox()).toMatchObject([{ id: "later", state: "sent" }]);
  });

  it("can be cancelled until it leaves, by the process that has it and by another", async () => {
    const { stage, session } = await connected();
    const sendAtMs = stage.clock.now() + 60_000;
    const awaited = session.send({ id: "awaited", to, text: "awaited" }, { sendAtMs });
    awaited.catch(() => {});
    await session.enqueue([{ id: "queued", to, text: "queued" }], { sendAtMs });
    const elsewhere = await stage.colloquy().sessions.get(session.id);
    expect(await session.cancelSend("awaited")).toBe(true);
    expect(await elsewhere.cancelSend("queued")).toBe(true);
    expect(await session.cancelSend("awaited")).toBe(false);
    expect(await session.cancelSend("never given")).toBe(false);
    await expect(awaited).rejects.toMatchObject({ name: "AbortError" });
    await stage.clock.advance(120_000);
    expect(arrived(stage)).toEqual([]);
    expect((await session.outbox()).map(({ state }) => state)).toEqual(["cancelled", "cancelled"]);
  });
});

describe("a message that is only queued", () => {
  it("is stored while the session is offline, and leaves when whoever runs it is online", async () => {
    const stage = createStage();
    const session = await stage.colloquy().sessions.create("reference", {});
    await session.enqueue([
      { id: "one", to, text: "one" },
      { id: "two", to, text: "two" },
    ]);
    expect(stage.backend.messages).toEqual([]);
    const pairing = (async () => {
      for await (const _challenge of session.pair()) stage.backend.phone.scan(session.remoteId as string);
    })();
    await stage.pass(pairing);
    await stage.clock.advance(1_000);
    expect(arrived(stage)).toEqual(["one", "two"]);
  });

  it("is refused with nothing stored when the provider would refuse it", async () => {
    const { session } = await connected();
    await expect(session.enqueue([{ to: "nobody", text: "x" }])).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(await session.outbox()).toEqual([]);
  });
});
