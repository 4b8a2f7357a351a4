import { setTimeout as delay } from "node:timers/promises";
import { createTransport } from "@colloquy/core/transport";
import { type NatsServer, natsServer } from "@colloquy/emulator";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { natsBudget } from "../src/index.js";
import { limitedProvider, send } from "./children/limited-provider.js";
import type { SendAllResult } from "./children/send-all.js";
import { Sender } from "./children/senders.js";
import { type LimitedServer, limitedServer } from "./support/limited-server.js";
import { forgetBucket, hasNatsServer } from "./support/nats-place.js";

const limit = 30;
const windowMs = 1_000;
const holderCount = 3;
const each = 60;
/** A machine that stalls for longer than a permit's round trip can cost one holder its part of one window. */
const refusalsAllowed = Math.ceil(limit / holderCount);

describe.skipIf(!hasNatsServer)("three transports that share 30 a second over NATS", () => {
  test("send everything while NATS is killed, comes back, and loses its bucket", async () => {
    const nats = await natsServer({ jetStream: true });
    onTestFinished(() => nats.close());
    const server = await limitedServer(limit, windowMs);
    const events: string[] = [];
    const transports = Array.from({ length: holderCount }, () =>
      createTransport({
        sharedBudget: natsBudget({ servers: nats.url }),
        logger: { log: (_level, event) => void (event.startsWith("shared_limits") && events.push(event)) },
      }),
    );
    const provider = limitedProvider(server.url, limit, windowMs);
    const session = { id: "ses_1", settings: {}, secrets: async () => ({}) };
    const sending = Promise.all(
      transports.flatMap((transport, holder) =>
        Array.from({ length: each }, (_, place) =>
          transport.execute({ provider, operation: send, input: { id: `${holder}-${place}` }, session }),
        ),
      ),
    );
    await delay(1_500);
    await nats.kill();
    await delay(1_200);
    await nats.restart();
    await delay(1_500);
    await forgetBucket(nats, "colloquy_limits");
    await sending;
    for (const transport of transports) await transport.close();
    expect(new Set(server.acceptedIds).size).toBe(holderCount * each);
    expect(server.acceptedIds, "nothing is sent twice").toHaveLength(holderCount * each);
    expect(server.refusedAtMs.length).toBeLessThanOrEqual(refusalsAllowed);
    expect(events.slice(0, holderCount)).toEqual(Array(holderCount).fill("shared_limits.degraded"));
    expect(events.filter((event) => event === "shared_limits.restored").length).toBeGreaterThanOrEqual(holderCount);
  });
});

describe.skipIf(!hasNatsServer)("three processes that share 30 a second over NATS, with clocks 20 s apart", () => {
  const count = 45;
  const skewsMs = [0, 20_000, -20_000];
  let senders: readonly Sender[] = [];
  beforeAll(async () => {
    senders = await Promise.all(skewsMs.map(() => Sender.start()));
  });
  afterAll(() => {
    for (const sender of senders) sender.kill();
  });

  async function sendAll(
    disturb: (nats: NatsServer) => Promise<void>,
  ): Promise<{ readonly told: readonly SendAllResult[]; readonly server: LimitedServer; readonly durationMs: number }> {
    const [nats, server] = await Promise.all([natsServer({ jetStream: true }), limitedServer(limit, windowMs)]);
    onTestFinished(() => nats.close());
    const job = { serverUrl: server.url, natsUrl: nats.url, count, limit, windowMs };
    const startedAtMs = performance.now();
    const running = senders.map((sender, place) =>
      sender.run({ ...job, name: `p${place}`, skewMs: skewsMs[place] ?? 0 }),
    );
    await disturb(nats);
    const told = (await Promise.all(running)).filter((result) => result !== undefined);
    for (const { sent, failures } of told) {
      expect(failures).toEqual([]);
      expect(sent).toBe(count);
    }
    expect(new Set(server.acceptedIds).size, "nothing is sent twice").toBe(server.acceptedIds.length);
    expect(server.refusedAtMs.length).toBeLessThanOrEqual(refusalsAllowed);
    return { told, server, durationMs: performance.now() - startedAtMs };
  }

  test("send everything on a part of their own, and say so, when NATS goes away for good", async () => {
    const { told } = await sendAll(async (nats) => {
      await delay(1_500);
      await nats.kill();
    });
    expect(told.map(({ events }) => events)).toEqual(
      Array.from({ length: holderCount }, () => ["shared_limits.degraded"]),
    );
  });

  // The last one: it is a process short afterwards.
  test("go on, within the limit, when one of them is killed", async () => {
    const { told, durationMs } = await sendAll(async () => {
      await delay(1_500);
      senders[2]?.kill();
    });
    expect(told.map(({ events }) => events)).toEqual([[], []]);
    // 3.3 s at the least; what the killed one had in hand counts as spent for a while.
    expect(durationMs).toBeLessThan(9_000);
  });
});
