import { afterEach, describe, expect, it } from "vitest";
import type { LogFields } from "../../../src/logger.js";
import { createTransport, type Transport, type TransportOptions } from "../../../src/transport/index.js";
import { localBudget, type SharedBudget } from "../../../src/transport/shared/index.js";
import { fakeProvider, fakeSession, look, send, sendRule } from "../fake-provider.js";
import { json, loopback } from "../loopback.js";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const input = { to: "+15550100123", text: "canary text" };

function open(options: TransportOptions): Transport {
  const transport = createTransport(options);
  closers.push(transport.close);
  return transport;
}

async function server(): Promise<{ readonly baseUrl: string; readonly seen: readonly unknown[] }> {
  const made = await loopback((_request, response) => json(response, 200, { id: "m1" }));
  closers.push(made.close);
  return made;
}

describe("two transports with one budget", () => {
  it("share a limit of the session and show it", async () => {
    const { baseUrl, seen } = await server();
    const sharedBudget = localBudget();
    const [first, second] = [open({ sharedBudget }), open({ sharedBudget })];
    const provider = fakeProvider({ baseUrl, limits: [sendRule(2, 600_000)] });
    const call = (transport: Transport, deadlineAtMs?: number) =>
      transport.execute({
        ...{ provider, operation: send, input, session: fakeSession() },
        ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }),
      });
    await call(first);
    await call(second);
    await expect(call(first, Date.now() + 150)).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(seen).toHaveLength(2);
  });

  it("do not share between accounts, and not what has no limit", async () => {
    const { baseUrl, seen } = await server();
    const keys = new Set<string>();
    const local = localBudget();
    const sharedBudget: SharedBudget = {
      ...local,
      exchange: (call) => {
        keys.add(call.key);
        return local.exchange(call);
      },
    };
    const limits = [sendRule(1, 600_000)];
    for (const token of ["pat-one", "pat-two"]) {
      const provider = fakeProvider({ baseUrl, limits, credentials: { personal_access_token: token } });
      const transport = open({ sharedBudget });
      await transport.execute({ provider, operation: send, input, session: fakeSession() });
      await transport.execute({ provider, operation: look, input: { id: "1" }, session: fakeSession() });
      expect(transport.rateLimits(provider)).toMatchObject([{ bucket: "send", shared: "shared" }]);
    }
    expect(seen).toHaveLength(4);
    expect(keys.size).toBe(2);
    expect([...keys].join()).not.toMatch(/pat-one|pat-two/);
  });

  it("go on when the budget throws, and say so without its words", async () => {
    const { baseUrl, seen } = await server();
    const lines: { readonly event: string; readonly fields: LogFields }[] = [];
    const sharedBudget: SharedBudget = {
      name: "broken",
      exchange: () => Promise.reject(new Error("redis://user:canary-password@host")),
      close: () => Promise.reject(new Error("twice broken")),
    };
    const logger = { log: (_level: string, event: string, fields: LogFields) => void lines.push({ event, fields }) };
    const transport = open({ sharedBudget, logger });
    const provider = fakeProvider({ baseUrl, limits: [sendRule(30, 1_000)] });
    await Promise.all(
      [1, 2, 3].map(() => transport.execute({ provider, operation: send, input, session: fakeSession() })),
    );
    expect(seen).toHaveLength(3);
    expect(transport.rateLimits(provider)).toMatchObject([{ shared: "degraded" }]);
    expect(lines.filter(({ event }) => event === "shared_limits.degraded")).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain("canary");
  });

  it("give back what they hold when they are closed", async () => {
    const { baseUrl } = await server();
    const local = localBudget();
    const closing: string[] = [];
    const sharedBudget: SharedBudget = {
      ...local,
      exchange: async (call) => {
        closing.push(`${call.holds.length} ${call.counted.length} ${call.wanted}`);
        return local.exchange(call);
      },
      close: async () => void closing.push("closed"),
    };
    const transport = createTransport({ sharedBudget });
    const provider = fakeProvider({ baseUrl, limits: [sendRule(30, 1_000)] });
    await transport.execute({ provider, operation: send, input, session: fakeSession() });
    await transport.close();
    expect(closing.slice(-2)).toEqual(["0 1 0", "closed"]);
  });
});
