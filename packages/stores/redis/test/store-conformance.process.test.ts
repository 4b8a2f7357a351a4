import { storeSuite } from "@colloquy/conformance";
import { beforeAll, describe, test } from "vitest";
import { placeOn } from "./support/redis-place.js";
import { RedisServer, redisServerFile } from "./support/redis-server.js";

describe.skipIf(redisServerFile === undefined)("the Redis store", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start({ appendfsync: "everysec" });
    return () => server.end();
  });

  storeSuite({
    test,
    manifest: { name: "redis", durability: "process", shared: true, encryptsSecrets: true, keepsTranscripts: true },
    async factory() {
      const { make, stored } = placeOn(server, { secretKey: "made-up key" });
      return { store: make(), reopen: async () => make(), stored };
    },
  });
});
