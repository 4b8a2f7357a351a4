import { describe, expect, it } from "vitest";
import type { Reply } from "./support/api-client.js";
import { useStage } from "./support/stage.js";

const text = { to: "+15550101", text: "hello" };

const rateHeaders = ({ headers }: Reply): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("x-ratelimit")));

describe("rate limits", () => {
  const stage = useStage();
  const send = (key: string): Promise<Reply> => stage.api("POST", "/send-message", text, key);

  it("let one message through per five seconds with account protection, to the millisecond", async () => {
    const { emulator, clock } = stage;
    const { apiKey } = await stage.connected({ account_protection: true });
    const first = await send(apiKey);
    expect(first.status).toBe(200);
    expect(rateHeaders(first)).toEqual({
      "x-ratelimit-limit": "1",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": "5",
    });
    clock.advance(4_999);
    const early = await send(apiKey);
    expect(early.status).toBe(429);
    expect(early.body).toEqual({
      message:
        "You have account protection enabled. You can only send 1 message every 5 seconds. " +
        "Check our API docs: https://www.wasenderapi.com/api-docs",
      retry_after: 1,
    });
    expect(early.headers.get("retry-after")).toBeNull();
    clock.advance(1);
    expect((await send(apiKey)).status).toBe(200);
    expect(emulator.wasender).toMatchObject({
      refusals: 1,
      sent: [{}, {}],
      violations: [{ sessionId: 1, bucket: "send", allowedAtMs: clock.now() }],
    });
  });

  it("spend nothing on a refused or invalid message", async () => {
    const { api, clock } = stage;
    const { apiKey } = await stage.connected({ account_protection: true });
    expect((await api("POST", "/send-message", { to: "+15550101" }, apiKey)).status).toBe(422);
    expect((await send(apiKey)).status).toBe(200);
    clock.advance(3_000);
    expect((await send(apiKey)).body.retry_after).toBe(2);
    clock.advance(2_000);
    expect((await send(apiKey)).status).toBe(200);
  });

  it("count 256 a minute on a paid plan, in a fixed window, per session", async () => {
    const { emulator, clock } = stage;
    emulator.wasender.set({ rateLimits: { send: { limit: 3 } } });
    const { apiKey } = await stage.connected();
    const other = await stage.connected({ name: "Other" });
    const remaining = [];
    for (let count = 0; count < 3; count += 1) remaining.push(rateHeaders(await send(apiKey))["x-ratelimit-remaining"]);
    expect(remaining).toEqual(["2", "1", "0"]);
    clock.advance(59_000);
    expect((await send(apiKey)).body).toEqual({ message: "Too Many Attempts.", retry_after: 1 });
    expect((await send(other.apiKey)).status).toBe(200);
    clock.advance(1_000);
    expect((await send(apiKey)).status).toBe(200);
    emulator.wasender.set({ rateLimits: {} });
    expect(rateHeaders(await send(apiKey))["x-ratelimit-limit"]).toBe("256");
  });

  it("let a trial send once a minute and fifty times a day, whatever account protection says", async () => {
    const { emulator, clock } = stage;
    emulator.wasender.set({ plan: "trial", rateLimits: { send: { dailyLimit: 2 } } });
    const { apiKey } = await stage.connected({ account_protection: true });
    expect(rateHeaders(await send(apiKey))).toMatchObject({
      "x-ratelimit-limit": "1",
      "x-ratelimit-daily-limit": "2",
      "x-ratelimit-daily-remaining": "1",
      "x-ratelimit-daily-reset": "86400",
    });
    expect((await send(apiKey)).body).toEqual({
      message: "You are on a free trial. You can only send 1 message every 1 minute.",
      retry_after: 60,
    });
    clock.advance(60_000);
    expect((await send(apiKey)).status).toBe(200);
    clock.advance(60_000);
    expect((await send(apiKey)).body).toEqual({ message: "Too Many Attempts.", retry_after: 86_400 - 120 });
  });

  it("count per endpoint, with the daily quota in the headers", async () => {
    const { api } = stage;
    const { apiKey } = await stage.connected();
    const { body } = await api("GET", "/groups", undefined, apiKey);
    const path = `/groups/${body.data[0].jid}/metadata`;
    for (let count = 0; count < 10; count += 1) expect((await api("GET", path, undefined, apiKey)).status).toBe(200);
    const refused = await api("GET", path, undefined, apiKey);
    expect(refused.status).toBe(429);
    expect(rateHeaders(refused)).toEqual({
      "x-ratelimit-limit": "10",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": "60",
      "x-ratelimit-daily-limit": "500",
      "x-ratelimit-daily-remaining": "490",
      "x-ratelimit-daily-reset": "86400",
    });
    expect(rateHeaders(await api("GET", "/on-whatsapp/15550101", undefined, apiKey))).toMatchObject({
      "x-ratelimit-limit": "60",
      "x-ratelimit-remaining": "59",
    });
  });

  it("say the reset as a timestamp, the waiting time in a header, or nothing, as the dials say", async () => {
    const { emulator, clock } = stage;
    const { apiKey } = await stage.connected({ account_protection: true });
    emulator.wasender.set({ resetHeaderStyle: "timestamp", retryAfter: "header" });
    expect(rateHeaders(await send(apiKey))["x-ratelimit-reset"]).toBe(String(Math.ceil((clock.now() + 5_000) / 1000)));
    const refused = await send(apiKey);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(refused.body.retry_after).toBeUndefined();
    emulator.wasender.set({ rateLimitHeaders: false, retryAfter: "none" });
    expect(rateHeaders(await send(apiKey))).toEqual({});
  });

  it("stand as a wall for as long as the dial says, from when it was turned", async () => {
    const { emulator, clock } = stage;
    const { apiKey } = await stage.connected();
    emulator.wasender.scenario("throttle-wall");
    clock.advance(29_000);
    const refused = await send(apiKey);
    expect(refused.body).toEqual({ message: "Too Many Attempts.", retry_after: 1 });
    expect(rateHeaders(refused)).toMatchObject({ "x-ratelimit-remaining": "0" });
    clock.advance(1_000);
    expect((await send(apiKey)).status).toBe(200);
  });

  it("halve in the middle of a run", async () => {
    const { emulator, clock } = stage;
    emulator.wasender.set({ limitsHalveAfter: 2 });
    const { apiKey } = await stage.connected({ account_protection: true });
    await send(apiKey);
    clock.advance(5_000);
    expect(rateHeaders(await send(apiKey))["x-ratelimit-reset"]).toBe("5");
    clock.advance(5_000);
    expect((await send(apiKey)).body.retry_after).toBe(5);
    clock.advance(5_000);
    expect(rateHeaders(await send(apiKey))["x-ratelimit-reset"]).toBe("10");
  });
});
