import type { SharedCall } from "@colloquy/core";
import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { redisBudget } from "../src/index.js";
import { RedisServer, redisServerFile } from "./support/redis-server.js";

let turn = 0;

function callOf(more: Partial<SharedCall> = {}): SharedCall {
  return {
    ...{ key: "provider/host", holder: "holder", turn: ++turn, rules: [{ limit: 4, windowMs: 1_000 }] },
    ...{ newEpoch: `epoch-${turn}`, holds: [], counted: [], wanted: 2 },
    ...more,
  };
}

describe.skipIf(redisServerFile === undefined)("a budget in Redis", () => {
  test("keeps one key for each allowance, with its prefix and a hash tag, and lets it expire", async () => {
    const server = await RedisServer.start();
    const budget = redisBudget({ url: server.url, prefix: "shop:" });
    await budget.exchange(callOf());
    await budget.close();
    expect(await server.command("KEYS", "*")).toEqual(["shop:{provider/host}"]);
    const leftMs = Number(await server.command("PTTL", "shop:{provider/host}"));
    expect(leftMs).toBeGreaterThan(15_000);
    expect(leftMs).toBeLessThanOrEqual(21_000);
  });

  test("runs one script and three commands for each call, and sends the script once", async () => {
    const server = await RedisServer.start();
    const budget = redisBudget({ url: server.url });
    for (let number = 0; number < 20; number++) await budget.exchange(callOf());
    await budget.close();
    const counts = await server.commandCounts();
    expect((counts["evalsha"] ?? 0) + (counts["eval"] ?? 0)).toBeLessThanOrEqual(21);
    expect(counts["eval"] ?? 0).toBeLessThanOrEqual(1);
    expect({ get: counts["get"], set: counts["set"], time: counts["time"] }).toEqual({ get: 20, set: 20, time: 20 });
  });

  test("goes on after the server forgot its scripts", async () => {
    const server = await RedisServer.start();
    const budget = redisBudget({ url: server.url });
    const { epoch } = await budget.exchange(callOf());
    await server.command("SCRIPT", "FLUSH");
    expect((await budget.exchange(callOf({ epoch }))).epoch).toBe(epoch);
    await budget.close();
  });

  test("fails at once while the server is away, and works again by itself", async () => {
    const server = await RedisServer.start();
    const budget = redisBudget({ url: server.url });
    await budget.exchange(callOf());
    await server.kill();
    await expect.poll(() => budget.exchange(callOf()).catch(() => "failed"), { timeout: 5_000 }).toBe("failed");
    const beganMs = performance.now();
    await expect(budget.exchange(callOf())).rejects.toThrow(/closed|writeable|refused/i);
    expect(performance.now() - beganMs).toBeLessThan(450);
    await server.start();
    await expect
      .poll(async () => (await budget.exchange(callOf()).catch(() => undefined))?.permits.length, { timeout: 5_000 })
      .toBeGreaterThan(0);
    await budget.close();
  });

  test("gives up on a call that a frozen server does not answer", async () => {
    const server = await RedisServer.start();
    const budget = redisBudget({ url: server.url, commandTimeoutMs: 100 });
    await budget.exchange(callOf());
    server.freeze();
    await expect(budget.exchange(callOf())).rejects.toThrow("timed out");
    server.thaw();
    await budget.close();
  });

  test("uses a client of the caller's, and leaves it open", async () => {
    const server = await RedisServer.start();
    const client = new Redis(server.url);
    const budget = redisBudget({ client });
    expect((await budget.exchange(callOf())).permits).toHaveLength(2);
    await budget.close();
    expect(await client.ping()).toBe("PONG");
    client.disconnect();
  });
});
