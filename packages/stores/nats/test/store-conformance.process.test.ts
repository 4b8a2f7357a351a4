import { storeSuite } from "@colloquy/conformance";
import { type NatsServer, natsServer } from "@colloquy/emulator";
import { beforeAll, describe, test } from "vitest";
import { natsStore } from "../src/index.js";
import { hasNatsServer, messagesOf } from "./support/nats-place.js";

describe.skipIf(!hasNatsServer)("the NATS store", () => {
  let server: NatsServer;
  let number = 0;
  beforeAll(async () => {
    server = await natsServer({ jetStream: true });
    return () => server.close();
  });

  storeSuite({
    test,
    manifest: { name: "nats", durability: "process", shared: true, encryptsSecrets: true, keepsTranscripts: true },
    async factory() {
      const prefix = `t${++number}`;
      const make = () => natsStore({ servers: server.url, prefix, secretKey: "made-up key" });
      return { store: make(), reopen: async () => make(), stored: () => messagesOf(server, prefix) };
    },
  });
});
