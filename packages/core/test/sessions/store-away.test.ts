import { describe, expect, it } from "vitest";
import { ColloquyError } from "../../src/contract/index.js";
import type { Store } from "../../src/store/store.js";
import { connectedSession, createStage, type Stage } from "./stage.js";

const away = (): ColloquyError =>
  new ColloquyError({ code: "STORE_UNAVAILABLE", message: "The broker is away.", outcome: "unknown", retryable: true });

/** A store whose calls fail, after they were carried out or before, while the condition holds. */
function failing(store: Store, isAway: (call: string) => "before" | "after" | undefined): Store {
  const guarded = async <Result>(call: string, work: () => Promise<Result>): Promise<Result> => {
    const when = isAway(call);
    if (when === "before") throw away();
    const result = await work();
    if (when === "after") throw away();
    return result;
  };
  const { outbox, records } = store;
  return {
    ...store,
    outbox: {
      ...outbox,
      move: (...move) => guarded(`move ${move[3].state ?? ""}`, () => outbox.move(...move)),
      list: (...list) => guarded("list", () => outbox.list(...list)),
    },
    records: { ...records, save: (...save) => guarded("save", () => records.save(...save)) },
  };
}

const sends = (stage: Stage): number => stage.countRequests(/^POST \/messages$/);

describe("a store that is away for a while", () => {
  it("hears of a message that was sent meanwhile as soon as it is back", async () => {
    const stage = createStage();
    const until = stage.clock.now() + 60_000;
    const isAway = (call: string) => (call === "move sent" && stage.clock.now() < until ? "before" : undefined);
    const session = await connectedSession(stage, stage.colloquy({ store: failing(stage.store, isAway) }));
    await stage.pass(session.send({ id: "a", to: "+15550101", text: "Hello" }));
    expect(stage.clock.now(), "the caller does not wait for the store").toBeLessThan(until);
    await stage.clock.advance(70_000);
    expect((await stage.store.outbox.get(session.id, "a"))?.state).toBe("sent");
  });

  it("holds up a queued message and does not make it unknown, whether or not it was marked as leaving", async () => {
    for (const when of ["before", "after"] as const) {
      const stage = createStage();
      let isGone = false;
      const isAway = (call: string) => (isGone && call.startsWith("move") ? when : undefined);
      const session = await connectedSession(stage, stage.colloquy({ store: failing(stage.store, isAway) }));
      isGone = true;
      await session.enqueue([{ id: "a", to: "+15550101", text: "Hello" }]);
      await stage.clock.advance(20_000);
      expect(sends(stage), when).toBe(0);
      isGone = false;
      await stage.clock.advance(20_000);
      await stage.pass(session.drain());
      expect(sends(stage), when).toBe(1);
      expect((await stage.store.outbox.get(session.id, "a"))?.state, when).toBe("sent");
    }
  });

  it("tells whoever awaits a message that it did not leave", async () => {
    const stage = createStage();
    const until = stage.clock.now() + 60_000;
    const isAway = (call: string) => (call.startsWith("move") && stage.clock.now() < until ? "before" : undefined);
    const session = await connectedSession(stage, stage.colloquy({ store: failing(stage.store, isAway) }));
    await expect(stage.pass(session.send({ id: "a", to: "+15550101", text: "Hello" }), 10_000)).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      outcome: "not_attempted",
    });
    await stage.clock.advance(70_000);
    expect((await stage.store.outbox.get(session.id, "a"))?.state).toBe("failed");
  });

  it("leaves no session behind whose time to reconnect came meanwhile", async () => {
    const stage = createStage();
    let isGone = false;
    const session = await connectedSession(
      stage,
      stage.colloquy({ store: failing(stage.store, (call) => (isGone && call === "save" ? "before" : undefined)) }),
    );
    stage.backend.phone.drop(session.remoteId as string);
    await stage.pass(session.waitFor("reconnecting"));
    isGone = true;
    await stage.clock.advance(120_000);
    expect(session.state).toBe("reconnecting");
    isGone = false;
    const reconnects = stage.countRequests(/connect$/);
    await stage.clock.advance(120_000);
    expect(stage.countRequests(/connect$/), "it tries again").toBeGreaterThan(reconnects);
    stage.backend.phone.restore(session.remoteId as string);
    await stage.pass(session.waitFor("connected"));
  });

  it("leaves nobody half in charge of a session", async () => {
    const stage = createStage();
    const first = stage.colloquy();
    const { id } = await connectedSession(stage, first);
    await first.shutdown();
    let isGone = true;
    const second = stage.colloquy({
      store: failing(stage.store, (call) => (isGone && call === "list" ? "before" : undefined)),
    });
    await expect(stage.pass(second.sessions.restore())).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    const before = stage.countRequests(/./);
    await stage.clock.advance(300_000);
    expect(stage.countRequests(/./), "it does not look after a session that it does not have").toBe(before);
    isGone = false;
    const [session] = await stage.pass(second.sessions.restore());
    await stage.pass((session as NonNullable<typeof session>).waitFor("connected"));
    expect(session?.id).toBe(id);
  });
});
