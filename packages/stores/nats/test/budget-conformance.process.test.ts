import { setTimeout as delay } from "node:timers/promises";
import { sharedBudgetSuite } from "@colloquy/conformance";
import { type NatsServer, natsServer } from "@colloquy/emulator";
import { beforeAll, describe, test } from "vitest";
import { natsBudget } from "../src/index.js";
import { forgetBucket, hasNatsServer } from "./support/nats-place.js";

describe.skipIf(!hasNatsServer)("the budget in NATS", () => {
  let server: NatsServer;
  let number = 0;
  beforeAll(async () => {
    server = await natsServer({ jetStream: true });
    return () => server.close();
  });

  sharedBudgetSuite({
    test,
    name: "nats",
    factory: async () => {
      const prefix = `b${++number}`;
      return {
        // What is late on a busy machine is not what is looked at here.
        budget: () => natsBudget({ servers: server.url, prefix, timeoutMs: 3_000 }),
        elapse: (ms) => delay(ms),
        forget: () => forgetBucket(server, `${prefix}_limits`),
      };
    },
  });
});
