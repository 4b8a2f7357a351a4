import assert from "node:assert/strict";
import type { Lease, Store } from "@colloquy/core";
import { numbersTo } from "./expect.js";
import { sessionsIn } from "./samples.js";
import type { StoreCase } from "./store-case.js";

const longMs = 60_000;
const shortMs = 250;
/** Well after `shortMs`, well before `longMs`. */
const afterShortMs = 600;

const namesOf = (leases: readonly Lease[]): readonly string[] =>
  leases.map(({ sessionId, owner, epoch }) => `${sessionId} ${owner} ${epoch}`).toSorted();

async function taken(store: Store, sessionId: string, owner: string, durationMs: number): Promise<Lease> {
  const [lease] = await store.leases.acquire([sessionId], owner, durationMs);
  assert.ok(lease, `${owner} gets ${sessionId}`);
  return lease;
}

export const leaseCases: readonly StoreCase[] = [
  {
    title: "gives free leases to who asks first, several at once, and leaves out sessions that it does not hold",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2", "ses_3");
      const first = await store.leases.acquire(["ses_1", "ses_2", "ses_gone"], "alpha", longMs);
      assert.deepEqual(namesOf(first), ["ses_1 alpha 1", "ses_2 alpha 1"]);
      for (const { remainingMs } of first) assert.ok(remainingMs > longMs / 2 && remainingMs <= longMs);
      assert.deepEqual(namesOf(await store.leases.acquire(["ses_1", "ses_3"], "beta", longMs)), ["ses_3 beta 1"]);
      assert.deepEqual(namesOf(await store.leases.list()), ["ses_1 alpha 1", "ses_2 alpha 1", "ses_3 beta 1"]);
      assert.deepEqual(namesOf(await store.leases.list({ owner: "beta" })), ["ses_3 beta 1"]);
    },
  },
  {
    title: "lets exactly one of many concurrent askers have a lease",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const answers = await Promise.all(
        numbersTo(20).map((number) => store.leases.acquire(["ses_1"], `worker ${number}`, longMs)),
      );
      assert.equal(answers.flat().length, 1);
    },
  },
  {
    title: "keeps the epoch when the owner asks again, and raises it whenever the lease begins anew",
    async run({ store, passTime }) {
      await sessionsIn(store, "ses_1");
      const first = await taken(store, "ses_1", "alpha", shortMs);
      assert.equal((await taken(store, "ses_1", "alpha", shortMs)).epoch, first.epoch);
      await passTime(afterShortMs);
      const second = await taken(store, "ses_1", "alpha", longMs);
      assert.equal(second.epoch, first.epoch + 1);
      await store.leases.release([second], "alpha");
      assert.equal((await taken(store, "ses_1", "beta", longMs)).epoch, first.epoch + 2);
    },
  },
  {
    title: "frees a lease that runs out, and tells its owner so when it renews too late",
    async run({ store, passTime }) {
      await sessionsIn(store, "ses_1", "ses_2");
      const lost = await taken(store, "ses_1", "alpha", shortMs);
      const kept = await taken(store, "ses_2", "alpha", longMs);
      await passTime(afterShortMs);
      assert.deepEqual(namesOf(await store.leases.list()), ["ses_2 alpha 1"]);
      assert.deepEqual(namesOf(await store.leases.renew([lost, kept], "alpha", longMs)), ["ses_2 alpha 1"]);
      assert.equal((await taken(store, "ses_1", "beta", longMs)).epoch, 2);
    },
  },
  {
    title: "renews for the owner under its epoch alone, and only then later than before",
    async run({ store, passTime }) {
      await sessionsIn(store, "ses_1");
      const lease = await taken(store, "ses_1", "alpha", shortMs);
      assert.deepEqual(await store.leases.renew([lease], "beta", longMs), []);
      assert.deepEqual(await store.leases.renew([{ ...lease, epoch: lease.epoch + 1 }], "alpha", longMs), []);
      const [renewed] = await store.leases.renew([lease], "alpha", longMs);
      assert.ok(renewed && renewed.remainingMs > longMs / 2);
      await passTime(afterShortMs);
      assert.deepEqual(namesOf(await store.leases.list()), ["ses_1 alpha 1"]);
    },
  },
  {
    title: "releases what the owner has under its epoch, and nothing of others",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      const lease = await taken(store, "ses_1", "alpha", longMs);
      const foreign = await taken(store, "ses_2", "beta", longMs);
      await store.leases.release([foreign, { ...lease, epoch: lease.epoch + 1 }], "alpha");
      assert.deepEqual(namesOf(await store.leases.list()), ["ses_1 alpha 1", "ses_2 beta 1"]);
      await store.leases.release([lease], "alpha");
      assert.deepEqual(namesOf(await store.leases.list()), ["ses_2 beta 1"]);
      assert.deepEqual(namesOf(await store.leases.acquire(["ses_1"], "gamma", longMs)), ["ses_1 gamma 2"]);
    },
  },
  {
    title: "lets a lease be seized from whoever has it, who hears of it when it renews",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const lease = await taken(store, "ses_1", "alpha", longMs);
      const seized = await store.leases.seize("ses_1", "operator", longMs);
      assert.equal(seized?.epoch, lease.epoch + 1);
      assert.deepEqual(await store.leases.renew([lease], "alpha", longMs), []);
      assert.deepEqual(await store.leases.acquire(["ses_1"], "alpha", longMs), []);
      assert.deepEqual(namesOf(await store.leases.list()), ["ses_1 operator 2"]);
      assert.equal(await store.leases.seize("ses_gone", "operator", longMs), undefined);
    },
  },
  {
    title: "keeps a lease that was offered for the one it was offered to, and then for anybody",
    async run({ store, passTime }) {
      await sessionsIn(store, "ses_1", "ses_2");
      const leases = await store.leases.acquire(["ses_1", "ses_2"], "alpha", longMs);
      await store.leases.release(leases, "alpha", { to: "beta", forMs: shortMs });
      assert.deepEqual(await store.leases.list(), []);
      assert.deepEqual(namesOf(await store.leases.list({ offeredTo: "beta" })), ["ses_1 beta 1", "ses_2 beta 1"]);
      assert.deepEqual(await store.leases.acquire(["ses_1", "ses_2"], "gamma", longMs), []);
      assert.deepEqual(namesOf(await store.leases.acquire(["ses_1"], "beta", longMs)), ["ses_1 beta 2"]);
      assert.deepEqual(namesOf(await store.leases.list({ offeredTo: "beta" })), ["ses_2 beta 1"]);
      await passTime(afterShortMs);
      assert.deepEqual(await store.leases.list({ offeredTo: "beta" }), []);
      assert.deepEqual(namesOf(await store.leases.acquire(["ses_2"], "gamma", longMs)), ["ses_2 gamma 2"]);
    },
  },
  {
    title: "forgets the lease of a session that is removed",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const lease = await taken(store, "ses_1", "alpha", longMs);
      await store.records.remove("ses_1");
      assert.deepEqual(await store.leases.list(), []);
      assert.deepEqual(await store.leases.renew([lease], "alpha", longMs), []);
      assert.deepEqual(await store.leases.acquire(["ses_1"], "alpha", longMs), []);
    },
  },
  {
    title: "tells which workers live, in the order in which they came, until they leave or fall silent",
    async run({ store, passTime }) {
      await store.leases.announce("beta", { host: "example", most: 5 }, longMs);
      await passTime(20);
      await store.leases.announce("alpha", {}, shortMs);
      await store.leases.announce("beta", { host: "example", most: 6 }, longMs);
      const [first, second, ...more] = await store.leases.members();
      assert.deepEqual([first?.owner, first?.details], ["beta", { host: "example", most: 6 }]);
      assert.deepEqual([second?.owner, more], ["alpha", []]);
      assert.ok((first?.joinedAtMs ?? 0) < (second?.joinedAtMs ?? 0));
      await passTime(afterShortMs);
      assert.deepEqual(
        (await store.leases.members()).map(({ owner }) => owner),
        ["beta"],
      );
      await store.leases.leave("beta");
      assert.deepEqual(await store.leases.members(), []);
    },
  },
];
