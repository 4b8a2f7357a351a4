import { describe, expect, it } from "vitest";
import { ColloquyError } from "../../../src/contract/index.js";
import type { WorkerEvent, WorkerOptions } from "../../../src/sessions/fleet/options.js";
import type { Session } from "../../../src/sessions/session.js";
import { memoryStore } from "../../../src/store/memory.js";
import type { Store } from "../../../src/store/store.js";
import { connectedSession, createStage, type Stage } from "../stage.js";

const to = "+15550101";
const arrived = ({ backend }: Stage): unknown[] => backend.messages.map(({ body }) => body["text"]);

/** Sessions that are connected, made by a process that then stopped. */
async function stageWith(count: number): Promise<{ stage: Stage; store: Store; ids: readonly string[] }> {
  const stage = createStage();
  const store = memoryStore({ clock: stage.clock });
  const maker = stage.colloquy({ store });
  const ids: string[] = [];
  for (let made = 0; made < count; made++) ids.push((await connectedSession(stage, maker)).id);
  // Let go of, not closed: the store object goes on.
  await maker.shutdown();
  await store.open();
  return { stage, store, ids };
}

function work(stage: Stage, store: Store, name: string, options: WorkerOptions = {}) {
  const events: WorkerEvent[] = [];
  // Each process has an opening of its own; one of them closing must not close the others'.
  const colloquy = stage.colloquy({ store: { ...store, close: async () => {} } });
  const worker = colloquy.work({
    name,
    leaseMs: 3_000,
    steadyNow: () => stage.clock.now(),
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { colloquy, worker, events };
}

/** As a process does that stood still between its lease and the takeover. */
async function raiseEpoch(store: Store, id: string): Promise<void> {
  const record = await store.records.get(id);
  if (record) await store.records.save({ ...record, epoch: record.epoch + 1 }, []);
}

const heldBy = async (store: Store, owner: string): Promise<number> => (await store.leases.list({ owner })).length;

describe("workers on one store", () => {
  it("share its sessions evenly, also when one more comes", async () => {
    const { stage, store } = await stageWith(6);
    const first = work(stage, store, "first");
    await stage.pass(first.worker.ready);
    expect(await heldBy(store, "first")).toBe(6);
    work(stage, store, "second");
    await stage.clock.advance(10_000);
    expect([await heldBy(store, "first"), await heldBy(store, "second")]).toEqual([3, 3]);
    expect(first.events.filter(({ type }) => type === "handed_over")).toHaveLength(3);
  });

  it("hand everything over at once when one stops, with what is queued", async () => {
    const { stage, store, ids } = await stageWith(4);
    const first = work(stage, store, "first");
    await stage.pass(first.worker.ready);
    const second = work(stage, store, "second", { maxSessions: 10 });
    await stage.clock.advance(10_000);
    const startedAtMs = stage.clock.now();
    expect(await stage.pass(first.worker.stop())).toEqual({ handedOver: 2, freed: 0 });
    await stage.clock.advance(1_000);
    expect(await heldBy(store, "second")).toBe(4);
    expect(stage.clock.now() - startedAtMs).toBeLessThanOrEqual(1_000);
    const reader = await second.colloquy.sessions.get(ids[0] as string);
    await reader.enqueue([{ id: "one", to, text: "one" }]);
    await stage.clock.advance(10_000);
    expect(arrived(stage)).toEqual(["one"]);
  });

  it("take over what a dead one had when its leases have run out, and not before", async () => {
    const { stage, store } = await stageWith(2);
    const dead = await store.leases.acquire(
      (await store.records.list()).records.map(({ id }) => id),
      "dead",
      3_000,
    );
    const { worker } = work(stage, store, "alive");
    await stage.pass(worker.ready);
    await stage.clock.advance(2_000);
    expect(await heldBy(store, "alive")).toBe(0);
    await stage.clock.advance(5_000);
    expect(await heldBy(store, "alive")).toBe(2);
    for (const lease of await store.leases.list()) expect(lease.epoch).toBeGreaterThan(dead[0]?.epoch ?? 0);
  });

  it("send what another process queued for their sessions", async () => {
    const { stage, store, ids } = await stageWith(2);
    const { worker } = work(stage, store, "first");
    await stage.pass(worker.ready);
    await stage.clock.advance(5_000);
    const producer = stage.colloquy({ store });
    const session = await producer.sessions.get(ids[1] as string);
    await session.enqueue([{ id: "one", to, text: "from outside" }]);
    await stage.clock.advance(1_000);
    expect(arrived(stage)).toEqual(["from outside"]);
  });

  it("go on when the store comes back, and let go of what they could not renew in time", async () => {
    const { stage, store } = await stageWith(1);
    let isAway = false;
    const leases = new Proxy(store.leases, {
      get: (target, name) => (isAway ? () => Promise.reject(new Error("gone")) : Reflect.get(target, name)),
    });
    const { worker, events } = work(stage, { ...store, leases }, "first");
    await stage.pass(worker.ready);
    isAway = true;
    await stage.clock.advance(6_000);
    expect(worker.status()).toMatchObject({ sessions: [], storeIsAway: true });
    isAway = false;
    await stage.clock.advance(6_000);
    expect(worker.status()).toMatchObject({ sessions: [{ epoch: 2 }], storeIsAway: false });
    expect(events.map(({ type }) => type)).toEqual(["gained", "store_away", "lost", "store_back", "gained"]);
  });

  it("keep what they are still taking over, however long that takes", async () => {
    const { stage, store } = await stageWith(3);
    const save: Store["records"]["save"] = async (...saved) => {
      await new Promise<void>((resolve) => stage.clock.setTimer(stage.clock.now() + 4_000, resolve));
      return store.records.save(...saved);
    };
    const { worker, events } = work(stage, { ...store, records: { ...store.records, save } }, "first");
    await stage.pass(worker.ready);
    expect(events.map(({ type }) => type)).toEqual(["gained", "gained", "gained"]);
    expect(worker.status().sessions.map(({ epoch }) => epoch)).toEqual([1, 1, 1]);
  });

  it("keep what they are still handing over, as long as a send on the wire takes", async () => {
    const { stage, store, ids } = await stageWith(1);
    const first = work(stage, store, "first");
    await stage.pass(first.worker.ready);
    await stage.clock.advance(3_000);
    work(stage, store, "second");
    await stage.clock.advance(3_000);
    stage.wire.hold(/^POST \/messages$/);
    const session = await first.colloquy.sessions.get(ids[0] as string);
    await session.enqueue([{ id: "one", to, text: "slow" }]);
    await stage.until(() => stage.wire.heldCount === 1);
    const stopping = first.worker.stop({ graceMs: 20_000 });
    await stage.clock.advance(10_000);
    expect([await heldBy(store, "first"), await heldBy(store, "second")]).toEqual([1, 0]);
    stage.wire.release();
    expect(await stage.pass(stopping)).toEqual({ handedOver: 1, freed: 0 });
    await stage.clock.advance(1_000);
    expect(await heldBy(store, "second")).toBe(1);
    expect((await store.outbox.get(ids[0] as string, "one"))?.state).toBe("sent");
    expect(arrived(stage)).toEqual(["slow"]);
  });

  it("notice with the next message that somebody without a lease took the session over, and take it back", async () => {
    const { stage, store, ids } = await stageWith(1);
    const [id = ""] = ids;
    const { worker, events } = work(stage, store, "first");
    await stage.pass(worker.ready);
    // Proven and quiet: nothing but the message makes it look at the record.
    await stage.clock.advance(5_000);
    await raiseEpoch(store, id);
    const session = await stage.colloquy({ store: { ...store, close: async () => {} } }).sessions.get(id);
    await session.enqueue([{ id: "one", to, text: "one" }]);
    await stage.clock.advance(2_000);
    expect(events.map(({ type }) => type)).toEqual(["gained", "lost"]);
    await stage.clock.advance(8_000);
    expect(arrived(stage)).toEqual(["one"]);
    expect(events.map(({ type }) => type)).toEqual(["gained", "lost", "gained"]);
  });

  it("do not free a message for another attempt that somebody else has by now", async () => {
    const { stage, store, ids } = await stageWith(1);
    const [id = ""] = ids;
    let isFirst = true;
    const move: Store["outbox"]["move"] = async (...moved) => {
      const row = await store.outbox.move(...moved);
      if (moved[3].state !== "sending" || !isFirst) return row;
      isFirst = false;
      await raiseEpoch(store, id);
      throw new ColloquyError({ code: "STORE_UNAVAILABLE", message: "The answer was lost.", outcome: "unknown" });
    };
    const { colloquy, worker } = work(stage, { ...store, outbox: { ...store.outbox, move } }, "first");
    await stage.pass(worker.ready);
    await (await colloquy.sessions.get(id)).enqueue([{ id: "one", to, text: "one" }]);
    await stage.clock.advance(20_000);
    expect((await store.outbox.get(id, "one"))?.state).not.toBe("queued");
    expect(arrived(stage)).toEqual([]);
  });

  it("do not fight over a session that a person's command took", async () => {
    const { stage, store, ids } = await stageWith(1);
    const { worker, events } = work(stage, store, "first");
    await stage.pass(worker.ready);
    await stage.clock.advance(3_000);
    const operator = await stage.colloquy({ store }).sessions.get(ids[0] as string);
    await stage.pass(operator.suspend());
    await stage.clock.advance(2_000);
    expect(events.map(({ type }) => type)).toEqual(["gained", "lost"]);
    expect((await operator.refresh()).state).toBe("suspended");
  });
});

describe("a worker that was stopped for longer than its lease", () => {
  /** The first worker is frozen: its clocks go on, its timers do not run, and then it wakes up in the middle of a send. */
  it("sends nothing when it wakes, and lets go", async () => {
    const { stage, store, ids } = await stageWith(1);
    let steadyMs = 0;
    const sleeper = work(stage, store, "sleeper", { steadyNow: () => steadyMs });
    await stage.pass(sleeper.worker.ready);
    await stage.clock.advance(3_000);
    // The machine slept: only one of its two clocks shows it.
    steadyMs += 60_000;
    const session: Session = await sleeper.colloquy.sessions.get(ids[0] as string);
    const send = session.send({ id: "one", to, text: "late" });
    send.catch(() => {});
    await stage.clock.advance(500);
    expect(arrived(stage)).toEqual([]);
    expect((await session.outbox()).map(({ state }) => state)).toEqual(["queued"]);
  });
});
