import { join } from "node:path";
import { isColloquyError, memoryStore, seededRandom, type TranscriptStore } from "@colloquy/core";
import { expect, onTestFinished, test } from "vitest";
import { Database } from "../src/database.js";
import { sqliteStore } from "../src/index.js";
import { settingsOf } from "../src/options.js";
import { placeArrivals } from "../src/transcripts/arrivals.js";
import { scratchFolder } from "./scratch.js";

const seeds = process.env["SEED"] ? [Number(process.env["SEED"])] : [20_261_122, 13];
const steps = 4_000;

type Step = (transcripts: TranscriptStore) => Promise<unknown>;

/** What a step gives, or how it is refused. */
async function outcome(step: Step, transcripts: TranscriptStore): Promise<unknown> {
  try {
    return { gives: await step(transcripts) };
  } catch (error) {
    if (!isColloquyError(error)) throw error;
    return { refused: error.code };
  }
}

test.each(seeds)(
  "two openings of a file answer as a store in memory does, wherever their messages are just then (seed %i)",
  async (seed) => {
    const random = seededRandom(seed);
    const below = (most: number): number => Math.floor(random() * most);
    const path = join(await scratchFolder(), "store.db");
    const memory = memoryStore();
    const stores = [sqliteStore(path), sqliteStore({ path, searchIndex: "on_search" })];
    const file = new Database(settingsOf(path, {}));
    for (const store of [...stores, memory, file]) await store.open();
    onTestFinished(async () => {
      for (const store of [...stores, memory, file]) await store.close();
    });

    const id = (): string => `cnv_${below(5)}`;
    const messageId = (): string => `msg_${below(120)}`;
    const message = () => ({
      id: messageId(),
      role: "user" as const,
      content: `Word${below(9)} and more`,
      atMs: below(1_000),
    });
    let atMs = 0;
    const someSteps: readonly (() => Step)[] = [
      () => {
        const [from, at] = [id(), atMs];
        return (store) => store.create({ id: from, createdAtMs: at, ...(at % 2 ? { ownerId: "ann" } : {}) });
      },
      () => {
        const [from, ids, at] = [id(), [messageId(), messageId()], atMs];
        return (store) => store.removeMessages(from, ids, { atMs: at });
      },
      () => {
        const [from, count, at] = [id(), 1 + below(3), atMs];
        return (store) => store.pop(from, count, { atMs: at });
      },
      () => {
        const [from, changed, at] = [id(), messageId(), atMs];
        return (store) => store.change(from, changed, { appendText: " grown" }, { atMs: at });
      },
      () => {
        const [from, at] = [id(), atMs];
        return (store) => store.update(from, { title: `Title ${at}`, metadata: { at } }, { atMs: at });
      },
      () => {
        const [from, to, seq, at] = [id(), id(), 1 + below(40), atMs];
        return (store) =>
          seq % 2 ? store.fork(from, seq, { id: to, atMs: at }) : store.copy(from, { id: to, atMs: at });
      },
      () => {
        const [ids, to, at] = [[id(), id()], id(), atMs];
        return (store) => store.merge(ids, { id: to, atMs: at });
      },
      () => {
        const [from, isMadeAgain, at] = [id(), random() < 0.5, atMs];
        return async (store) => [
          await store.remove(from),
          isMadeAgain ? await store.create({ id: from, createdAtMs: at }) : undefined,
        ];
      },
      () => {
        const untouchedSinceMs = atMs - below(60);
        return async (store) => (await store.sweep({ nowMs: 0, untouchedSinceMs })).removed.toSorted();
      },
      () => {
        const [from, messages, at] = [id(), Array.from({ length: 1 + below(50) }, message), atMs];
        return (store) => store.append(from, messages, { atMs: at, operationId: `op_${at % 7}` });
      },
    ];
    // Looked for again, because it may still be where it arrived.
    let newest: readonly [from: string, id: string] = ["cnv_0", "msg_0"];
    const appendOne = (): Step => {
      const [from, one, at] = [id(), message(), atMs];
      newest = [from, one.id];
      return (store) => store.append(from, [one], { atMs: at });
    };
    const looks: readonly (() => Step)[] = [
      () => {
        const from = id();
        return (store) => store.get(from);
      },
      () => {
        const [from, wanted] = random() < 0.5 ? newest : [id(), messageId()];
        return (store) => store.message(from, wanted);
      },
      () => {
        const [from, limit, after, isNewest] = [id(), 1 + below(60), below(80), random() < 0.5];
        return (store) =>
          store.page(from, {
            limit,
            from: isNewest ? "newest" : "oldest",
            ...(after > 40 ? {} : { after: after + 1 }),
          });
      },
      () => {
        const [limit, isOwned] = [1 + below(4), random() < 0.5];
        return async (store) => {
          const found: unknown[] = [];
          for (let after: string | undefined, page = 0; page < 9; page++) {
            const next = await store.list({
              limit,
              ...(isOwned ? { ownerId: "ann" } : {}),
              ...(after ? { after } : {}),
            });
            found.push(...next.conversations);
            after = next.cursor;
            if (after === undefined) break;
          }
          return found;
        };
      },
      () => {
        const text = `word${below(9)}`;
        return async (store) =>
          (await store.search({ text, limit: 1_000 }))
            .map(({ conversation, message: found }) => `${conversation.id} ${found?.id}`)
            .toSorted();
      },
    ];

    for (let step = 0; step < steps; step++) {
      atMs += below(3);
      if (random() < 0.03) await file.write((sql) => placeArrivals(sql));
      const kind = random();
      const pick = (from: readonly (() => Step)[]): Step => (from[below(from.length)] as () => Step)();
      const next = kind < 0.5 ? appendOne() : kind < 0.65 ? pick(someSteps) : pick(looks);
      const store = stores[below(2)] as (typeof stores)[number];
      const [own, expected] = [await outcome(next, store.transcripts), await outcome(next, memory.transcripts)];
      expect(own, `step ${step}, seed ${seed}: ${String(next)}`).toEqual(expected);
    }
  },
);

test("who appends without ever letting the event loop turn leaves fewer than four thousand messages waiting", async () => {
  const path = join(await scratchFolder(), "store.db");
  const store = sqliteStore(path);
  await store.open();
  for (let number = 0; number < 50; number++) await store.transcripts.create({ id: `cnv_${number}`, createdAtMs: 0 });
  for (let number = 0; number < 4_500; number++)
    await store.transcripts.append(
      `cnv_${number % 50}`,
      [{ id: `msg_${number}`, role: "user", content: "Hello", atMs: 1 }],
      { atMs: number },
    );
  const file = new Database(settingsOf(path, {}));
  await file.open();
  const waiting = (): Promise<number> =>
    file.read((sql) => sql.get("SELECT count(*) AS count FROM arrivals")?.["count"] as number);
  expect(await waiting()).toBeLessThan(4_000);
  expect((await store.transcripts.search({ text: "hello", limit: 1_000 })).length).toBe(1_000);
  await store.close();
  expect(await waiting()).toBe(0);
  await file.close();
});
