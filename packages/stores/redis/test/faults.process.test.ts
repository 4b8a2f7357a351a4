import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SendAllResult } from "./children/send-all.js";
import { Sender } from "./children/senders.js";
import { type LimitedServer, limitedServer } from "./support/limited-server.js";
import { RedisServer, redisServerFile } from "./support/redis-server.js";

const limit = 30;
const windowMs = 1_000;
const processCount = 4;
const each = 60;

/** Beyond the first window, and so early that none is done before Redis is back, whatever part of the limit it came by. */
const underWayMs = 1_200;

/** A machine that stalls for longer than a permit's round trip can cost one process its part of one window. */
const refusalsAllowed = Math.ceil(limit / processCount);

interface Outcome {
  readonly results: readonly (SendAllResult | undefined)[];
  readonly server: LimitedServer;
  readonly redis: RedisServer;
  readonly durationMs: number;
}

let senders: readonly Sender[] = [];

async function fourProcesses(
  disturb: (redis: RedisServer) => Promise<void>,
  skewsMs: readonly number[] = [],
): Promise<Outcome> {
  const [redis, server] = await Promise.all([RedisServer.start(), limitedServer(limit, windowMs)]);
  const job = { serverUrl: server.url, redisUrl: redis.url, count: each, limit, windowMs };
  const startedAtMs = performance.now();
  const running = senders.map((sender, place) =>
    sender.run({ ...job, name: `p${place}`, skewMs: skewsMs[place] ?? 0 }),
  );
  await disturb(redis);
  const results = await Promise.all(running);
  return { results, server, redis, durationMs: performance.now() - startedAtMs };
}

function expectEverythingSent({ results, server }: Outcome, survivors: number = processCount): void {
  const told = results.filter((result) => result !== undefined);
  expect(told).toHaveLength(survivors);
  for (const { sent, failures } of told) {
    expect(failures).toEqual([]);
    expect(sent).toBe(each);
  }
  expect(new Set(server.acceptedIds).size, "nothing is sent twice").toBe(server.acceptedIds.length);
  expect(server.refusedAtMs.length).toBeLessThanOrEqual(refusalsAllowed);
}

const degradedThenRestored = ["shared_limits.degraded", "shared_limits.restored"];

describe.skipIf(redisServerFile === undefined)("four processes that share 30 a second over Redis", () => {
  beforeAll(async () => {
    senders = await Promise.all(Array.from({ length: processCount }, () => Sender.start()));
  });
  afterAll(() => {
    for (const sender of senders) sender.kill();
  });

  test("send everything, with clocks 20 s apart, and do not leave much of the limit unused", async () => {
    const outcome = await fourProcesses(async () => {}, [0, 20_000, -20_000]);
    expectEverythingSent(outcome);
    expect(outcome.results.flatMap((result) => result?.events)).toEqual([]);
    // 240 need 7 s at least; the bench measures it on a quiet machine.
    expect(outcome.durationMs).toBeLessThan(10_500);
    const { evalsha = 0 } = await outcome.redis.commandCounts();
    expect(evalsha / (processCount * each)).toBeLessThan(1);
  });

  test("send everything while Redis is killed and comes back empty", async () => {
    const outcome = await fourProcesses(async (redis) => {
      await delay(underWayMs);
      await redis.kill();
      await delay(2_000);
      await redis.start();
    });
    expectEverythingSent(outcome);
    for (const result of outcome.results) expect(result?.events.slice(0, 2)).toEqual(degradedThenRestored);
  });

  test("send everything while Redis stays away", async () => {
    const outcome = await fourProcesses(async (redis) => {
      await delay(underWayMs);
      await redis.kill();
    });
    expectEverythingSent(outcome);
    for (const result of outcome.results) expect(result?.events).toEqual(["shared_limits.degraded"]);
  });

  test("pause, and are not refused, when Redis is flushed in the middle, scripts and all", async () => {
    const outcome = await fourProcesses(async (redis) => {
      await delay(underWayMs);
      await redis.command("FLUSHALL");
      await redis.command("SCRIPT", "FLUSH");
    });
    expectEverythingSent(outcome);
    expect(outcome.durationMs).toBeLessThan(11_500);
  });

  test("send everything while Redis is frozen for 3 s", async () => {
    const outcome = await fourProcesses(async (redis) => {
      await delay(underWayMs);
      redis.freeze();
      await delay(3_000);
      redis.thaw();
    });
    expectEverythingSent(outcome);
    for (const result of outcome.results) expect(result?.events.slice(0, 2)).toEqual(degradedThenRestored);
  });

  // The last one: it is a process short afterwards.
  test("go on when one of them is killed", async () => {
    const outcome = await fourProcesses(async () => {
      await delay(underWayMs);
      senders[3]?.kill();
    });
    expectEverythingSent(outcome, processCount - 1);
  });
});
