import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Sql } from "../src/sql.js";
import { WriteQueue } from "../src/write-queue.js";

class Refusal extends Error {}

/** Writes down what it is told; fails the texts that `failing` names, once each. */
function scripted(failing: readonly string[] = []): { readonly sql: Sql; readonly told: string[] } {
  const told: string[] = [];
  const left = [...failing];
  const run = (text: string): number => {
    told.push(text);
    const index = left.indexOf(text);
    if (index < 0) return 1;
    left.splice(index, 1);
    throw new Error(`failed: ${text}`);
  };
  return { sql: { run } as unknown as Sql, told };
}

const once = async <T>(run: () => T): Promise<T> => run();

const queueOf = (sql: Sql, patiently = once, gather = async (): Promise<void> => {}): WriteQueue =>
  new WriteQueue(sql, {
    gather,
    patiently,
    isRefusal: (error) => error instanceof Refusal,
    failure: (error) => error,
  });

describe("the write queue", () => {
  test("commits the writes of one turn together, in order, and settles them after the commit", async () => {
    const { sql, told } = scripted();
    const queue = queueOf(sql);
    const settled = (number: number) => () => told.push(`settled ${number}`);
    await Promise.all(
      [1, 2, 3].map((number) => queue.add((given) => given.run(`write ${number}`)).then(settled(number))),
    );
    expect(told).toEqual([
      "BEGIN IMMEDIATE",
      "write 1",
      "write 2",
      "write 3",
      "COMMIT",
      "settled 1",
      "settled 2",
      "settled 3",
    ]);
  });

  test("lets writes of later turns join where it is told to wait for them", async () => {
    const { sql, told } = scripted();
    const queue = queueOf(sql, once, () => nextTurn());
    const writes = [queue.add((given) => given.run("write 1"))];
    await Promise.resolve().then(() => writes.push(queue.add((given) => given.run("write 2"))));
    await Promise.all(writes);
    expect(told).toEqual(["BEGIN IMMEDIATE", "write 1", "write 2", "COMMIT"]);
  });

  test("gives each write its own value", async () => {
    const queue = queueOf(scripted().sql);
    expect(await Promise.all([queue.add(() => "one"), queue.add(() => 2), queue.add(() => undefined)])).toEqual([
      "one",
      2,
      undefined,
    ]);
  });

  test("tries a write of one statement without a transaction when it is the only one", async () => {
    const { sql, told } = scripted();
    const queue = queueOf(sql);
    const add = (name: string, isPossible: boolean): Promise<string> =>
      queue.add(
        (given) => `${name} in full: ${given.run(name)}`,
        (given) => (isPossible ? `${name} alone: ${given.run(`alone ${name}`)}` : undefined),
      );
    expect(await add("a", true)).toBe("a alone: 1");
    expect(await add("b", false)).toBe("b in full: 1");
    expect(await Promise.all([add("c", true), add("d", false)])).toEqual(["c alone: 1", "d in full: 1"]);
    expect(told.join(", ")).toBe("alone a, BEGIN IMMEDIATE, b, COMMIT, BEGIN IMMEDIATE, alone c, d, COMMIT");
  });

  test("lets a write be refused without its neighbours", async () => {
    const { sql, told } = scripted();
    const queue = queueOf(sql);
    const outcomes = await Promise.allSettled([
      queue.add((given) => given.run("write 1")),
      queue.add(() => {
        throw new Refusal("no");
      }),
      queue.add((given) => given.run("write 3")),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(told).toEqual(["BEGIN IMMEDIATE", "write 1", "write 3", "COMMIT"]);
  });

  test("repeats the writes one by one when the database fails one of them, so that only that one fails", async () => {
    const { sql, told } = scripted(["write 2", "write 2"]);
    const queue = queueOf(sql);
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((number) => queue.add((given) => given.run(`write ${number}`))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(told.join(", ")).toBe(
      "BEGIN IMMEDIATE, write 1, write 2, ROLLBACK, BEGIN IMMEDIATE, write 1, COMMIT, BEGIN IMMEDIATE, write 2, ROLLBACK, BEGIN IMMEDIATE, write 3, COMMIT",
    );
  });

  test("rejects a write whose commit failed, also when there is nothing left to roll back", async () => {
    const { sql } = scripted(["COMMIT", "ROLLBACK"]);
    await expect(queueOf(sql).add((given) => given.run("write"))).rejects.toThrow("failed: COMMIT");
  });

  test("goes on after a failure, and with what is asked for while it commits", async () => {
    const { sql, told } = scripted(["write 1"]);
    const queue = queueOf(sql);
    const later: Promise<unknown>[] = [];
    await expect(
      queue.add((given) => {
        later.push(queue.add((again) => again.run("write 2")));
        return given.run("write 1");
      }),
    ).rejects.toThrow("failed: write 1");
    await Promise.all(later);
    expect(told).toEqual(["BEGIN IMMEDIATE", "write 1", "ROLLBACK", "BEGIN IMMEDIATE", "write 2", "COMMIT"]);
  });

  test("repeats the whole batch when told to be patient", async () => {
    const { sql, told } = scripted(["BEGIN IMMEDIATE"]);
    const queue = queueOf(sql, async (run) => {
      try {
        return run();
      } catch {
        return run();
      }
    });
    await Promise.all([queue.add((given) => given.run("write 1")), queue.add((given) => given.run("write 2"))]);
    expect(told).toEqual(["BEGIN IMMEDIATE", "BEGIN IMMEDIATE", "write 1", "write 2", "COMMIT"]);
  });

  test("is idle when nothing waits any more", async () => {
    const { sql, told } = scripted();
    const queue = queueOf(sql);
    void queue.add((given) => given.run("write 1"));
    await queue.idle();
    expect(told.at(-1)).toBe("COMMIT");
    await queue.idle();
  });
});
