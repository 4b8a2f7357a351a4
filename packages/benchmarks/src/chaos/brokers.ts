import type { Store } from "@colloquy/core";
import { natsServer } from "@colloquy/emulator";
import { natsStore } from "@colloquy/store-nats";
import { redisStore } from "@colloquy/store-redis";
import { sqliteStore } from "@colloquy/store-sqlite";
import { withFolder } from "../fleet/folder.js";
import { startDurableRedis } from "../server/redis.js";

export const brokerNames = ["sqlite", "redis", "nats"] as const;
export type BrokerName = (typeof brokerNames)[number];

/** Where the sessions of a round are kept. */
export interface Broker {
  /** Absent for a file. */
  readonly port?: number;
  /** The place as a worker reaches it: through `port` where there is one. */
  place(port?: number): string;
  /** Ends the server at once and starts it again on what it kept. Absent for a file. */
  killAndRestart?(): Promise<void>;
}

export function openPlace(place: string): Store {
  if (place.startsWith("redis:")) return redisStore({ url: place });
  if (place.startsWith("nats:")) return natsStore({ servers: place });
  return sqliteStore(place);
}

export async function withBroker(name: BrokerName, work: (broker: Broker) => Promise<void>): Promise<void> {
  if (name === "sqlite") return withFolder((path) => work({ place: () => path }));
  if (name === "redis") {
    const redis = await startDurableRedis();
    if (!redis) throw new Error("There is no redis-server in REDIS_SERVER_BIN or on the PATH.");
    try {
      await work({
        port: redis.port,
        place: (port = redis.port) => `redis://127.0.0.1:${port}/0`,
        killAndRestart: () => redis.killAndRestart(),
      });
    } finally {
      await redis.close();
    }
    return;
  }
  const nats = await natsServer({ jetStream: true });
  try {
    await work({
      port: nats.port,
      place: (port = nats.port) => `nats://127.0.0.1:${port}`,
      async killAndRestart() {
        await nats.kill();
        await nats.restart();
      },
    });
  } finally {
    await nats.close();
  }
}
