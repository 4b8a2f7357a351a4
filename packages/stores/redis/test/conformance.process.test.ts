import { setTimeout as delay } from "node:timers/promises";
import { sharedBudgetSuite } from "@colloquy/conformance";
import { describe, test } from "vitest";
import { redisBudget } from "../src/index.js";
import { RedisServer, redisServerFile } from "./support/redis-server.js";

describe.skipIf(redisServerFile === undefined)("the budget in Redis", () => {
  sharedBudgetSuite({
    test,
    name: "redis",
    factory: async () => {
      const server = await RedisServer.start();
      return {
        budget: () => redisBudget({ url: server.url }),
        elapse: (ms) => delay(ms),
        forget: async () => void (await server.command("FLUSHALL")),
      };
    },
  });
});
