import { localBudget, type SharedAnswer, type SharedCall, seededRandom } from "@colloquy/core";
import { describe, expect, test } from "vitest";
import { redisBudget } from "../src/index.js";
import { RedisServer, redisServerFile } from "./support/redis-server.js";

const seed = Number(process.env["SEED"] ?? 20_261_121);

const rulesByKey: readonly SharedCall["rules"][] = [
  [{ limit: 6, windowMs: 60 }],
  [
    { limit: 3, windowMs: 20 },
    { limit: 8, windowMs: 150 },
  ],
  [{ limit: 1, windowMs: 15 }],
  [{ limit: 400, windowMs: 1_500 }],
];

/** One holder of one key, as it may behave: it forgets, repeats itself, remembers another state, tells too much or too late. */
class FuzzedHolder {
  readonly #key: number;
  readonly #name: string;
  readonly #random: () => number;
  #turn = 0;
  #has: number[] = [];
  #before: SharedAnswer | undefined;

  constructor(key: number, name: string, random: () => number) {
    this.#key = key;
    this.#name = name;
    this.#random = random;
  }

  call(number: number): SharedCall {
    const used = this.#has.splice(0, this.#pick(this.#has.length + 1));
    const { nowMs, epoch } = this.#before ?? { nowMs: 0, epoch: undefined };
    return {
      key: `fuzz-${this.#key}`,
      holder: this.#name,
      turn: this.#random() < 0.05 ? this.#turn : ++this.#turn,
      rules: rulesByKey[this.#key] as SharedCall["rules"],
      ...(epoch === undefined || this.#random() < 0.02 ? {} : { epoch: this.#random() < 0.98 ? epoch : "another" }),
      newEpoch: `epoch-${number}`,
      holds: [...this.#has],
      counted: this.#before ? used.map(() => nowMs - this.#pick(40) + this.#pick(10)) : [],
      ...(this.#random() < 0.9 ? { sureMs: this.#pick(5) } : {}),
      wanted: this.#pick(4) === 0 ? 0 : this.#pick(30),
      ...(this.#random() < 0.2
        ? { end: { windowMs: this.#key === 3 ? 1_500 : 60, atMs: nowMs + this.#pick(this.#key === 3 ? 1_500 : 60) } }
        : {}),
      ...(this.#random() < 0.5 ? { sinceLastMs: this.#pick(2_000) } : {}),
      ...(this.#random() < 0.03 ? { notBeforeMs: nowMs + this.#pick(30) } : {}),
      ...(this.#random() < 0.002 ? { actedAlone: true } : {}),
    };
  }

  hear(answer: SharedAnswer): void {
    if (answer.epoch !== this.#before?.epoch) this.#has = [];
    this.#before = answer;
    // Some answers are lost.
    if (this.#random() < 0.95) this.#has.push(...answer.permits.map(({ id }) => id));
  }

  #pick(most: number): number {
    return Math.floor(this.#random() * most);
  }
}

describe.skipIf(redisServerFile === undefined)("the script in Redis", () => {
  test(`answers each of 3,000 calls as the ledger in core does (seed ${seed})`, async () => {
    const server = await RedisServer.start();
    const redis = redisBudget({ url: server.url });
    let nowMs = 0;
    const local = localBudget({ now: () => nowMs, setTimer: () => ({ cancel: () => {} }) });
    const random = seededRandom(seed);
    const holders = rulesByKey.flatMap((_, key) => ["a", "b", "c"].map((name) => new FuzzedHolder(key, name, random)));
    let granted = 0;
    let refusals = 0;
    for (let number = 0; number < 3_000; number++) {
      const holder = holders[Math.floor(random() * holders.length)] as FuzzedHolder;
      const call = holder.call(number);
      const answer = await redis.exchange(call);
      holder.hear(answer);
      ({ nowMs } = answer);
      expect(await local.exchange(call), `seed ${seed}, call ${number}: ${JSON.stringify(call)}`).toEqual(answer);
      granted += answer.permits.length;
      if (answer.permits.length < call.wanted) refusals++;
    }
    await redis.close();
    // Both sides of every decision were met.
    expect(granted).toBeGreaterThan(300);
    expect(refusals).toBeGreaterThan(300);
  });
});
