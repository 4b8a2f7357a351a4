import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BenchServer, startBenchServer } from "../src/server/child.js";
import { colloquy } from "../src/subjects/colloquy-client.js";
import { drainPeers, queueingPeers } from "../src/subjects/index.js";

let server: BenchServer;
beforeAll(async () => {
  server = await startBenchServer();
});
afterAll(() => server.close());

const roomy = { scope: "account", shape: "fixed", limit: 100, windowMs: 1_000 } as const;

describe("the server in its own process", () => {
  it.each([colloquy, ...drainPeers, ...queueingPeers].map((subject) => [subject.name, subject] as const))(
    "understands what %s sends",
    async (name, subject) => {
      const run = encodeURIComponent(name).replaceAll("%", "");
      await server.plan(run, { limits: [roomy], dialect: "x-ratelimit", seed: 1 });
      const client = subject.open({ url: server.urlOf(run), known: [roomy] });
      await Promise.all(["m-0", "m-1"].map((id) => client.send({ id, session: "s-0" })));
      await client.close();
      const report = await server.report(run);
      expect(report.acceptedIds.toSorted()).toEqual(["m-0", "m-1"]);
    },
  );
});
