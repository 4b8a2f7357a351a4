import { describe, expect, it } from "vitest";
import type { Fault } from "../src/index.js";
import { useStage } from "./support/stage.js";

const text = { to: "+15550101", text: "hello" };

describe("faults", () => {
  const stage = useStage();
  const next = (fault: Fault, times = 1): void =>
    stage.emulator.wasender.set({ failNext: [{ match: { method: "POST", path: "/send-message" }, times, fault }] });

  it("drop a request before it takes effect, once", async () => {
    const { api, emulator } = stage;
    const { apiKey } = await stage.connected();
    next({ kind: "drop_before" });
    await expect(api("POST", "/send-message", text, apiKey)).rejects.toThrow("fetch failed");
    expect(emulator.wasender.sent).toEqual([]);
    expect(emulator.wasender.requests.at(-1)).toMatchObject({ status: null, fault: "drop_before", body: text });
    expect((await api("POST", "/send-message", text, apiKey)).status).toBe(200);
    expect(emulator.wasender.dials.failNext).toEqual([]);
  });

  it("lose the answer after the message was accepted", async () => {
    const { api, emulator } = stage;
    const { apiKey } = await stage.connected();
    emulator.wasender.scenario("answer-lost");
    await expect(api("POST", "/send-message", text, apiKey)).rejects.toThrow("fetch failed");
    expect(emulator.wasender.sent).toHaveLength(1);
  });

  it.each<[Fault, number, RegExp, number]>([
    [{ kind: "status", status: 503, headers: { "Retry-After": "2" } }, 503, /Service Unavailable/, 0],
    [{ kind: "status", status: 500, body: { message: "Server Error" }, processed: true }, 500, /Server Error/, 1],
    [{ kind: "html502" }, 502, /^<html>/, 0],
    [{ kind: "redirect", location: "https://elsewhere.example/" }, 302, /^$/, 0],
    [{ kind: "null_body" }, 200, /^null$/, 1],
    [{ kind: "truncated_json" }, 200, /^\{"success":true,[^}]*$/, 1],
    [{ kind: "garbled_json" }, 200, /^<<\{'success'/, 1],
    [{ kind: "huge_body", bytes: 100_000 }, 200, /x{100000}/, 1],
  ])("answer %j", async (fault, status, body, accepted) => {
    const { api, emulator } = stage;
    const { apiKey } = await stage.connected();
    next(fault);
    const reply = await api("POST", "/send-message", text, apiKey);
    expect(reply.status).toBe(status);
    expect(reply.text).toMatch(body);
    expect(emulator.wasender.sent).toHaveLength(accepted);
    if (fault.kind === "status" && fault.status === 503) expect(reply.headers.get("retry-after")).toBe("2");
  });

  it("hang until the client gives up", async () => {
    const { emulator } = stage;
    const { apiKey } = await stage.connected();
    next({ kind: "hang" });
    const giveUp = new AbortController();
    const pending = fetch(`${emulator.wasender.baseUrl}/send-message`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(text),
      signal: giveUp.signal,
    });
    while (emulator.wasender.requests.at(-1)?.fault !== "hang") await new Promise((resolve) => setImmediate(resolve));
    giveUp.abort();
    await expect(pending).rejects.toThrow("aborted");
    expect(emulator.wasender.requests.at(-1)).toMatchObject({ status: null });
  });

  it("delay the true answer on the emulator's clock", async () => {
    const { api, emulator, clock } = stage;
    const { apiKey } = await stage.connected();
    next({ kind: "delay", ms: 60_000 });
    const pending = api("POST", "/send-message", text, apiKey);
    while (emulator.wasender.requests.at(-1)?.fault !== "delay") await new Promise((resolve) => setImmediate(resolve));
    expect(emulator.wasender.sent).toEqual([]);
    clock.advance(60_000);
    expect((await pending).status).toBe(200);
  });

  it("match by method and part of the path, first match first, as often as told", async () => {
    const { api, emulator } = stage;
    const { id } = await stage.session();
    emulator.wasender.set({
      failNext: [
        { match: { method: "GET", path: "/whatsapp-sessions/" }, times: 2, fault: { kind: "status", status: 500 } },
        { match: {}, fault: { kind: "status", status: 418 } },
      ],
    });
    const statuses = [];
    for (const path of [`/whatsapp-sessions/${id}`, "/whatsapp-sessions", `/whatsapp-sessions/${id}`, "/auth-check"]) {
      statuses.push((await api("GET", path)).status);
    }
    expect(statuses).toEqual([500, 418, 500, 200]);
  });

  it("come at random in the share that the dials say, the same for the same seed", async () => {
    const { api, emulator } = stage;
    emulator.wasender.set({ error503Rate: 0.5 });
    const draw = async (): Promise<number[]> => {
      const statuses = [];
      for (let count = 0; count < 40; count += 1) statuses.push((await api("GET", "/auth-check")).status);
      return statuses;
    };
    const first = await draw();
    const failed = first.filter((status) => status === 503).length;
    expect(failed).toBeGreaterThan(10);
    expect(failed).toBeLessThan(30);
    emulator.wasender.reset();
    emulator.wasender.set({ error503Rate: 0.5 });
    expect(await draw()).toEqual(first);
  });

  it("refuse more requests at once than the dial allows", async () => {
    const { api, emulator, clock } = stage;
    const { apiKey } = await stage.connected();
    emulator.wasender.set({ concurrentRequests: 2, latencyMs: 100 });
    const pending = [1, 2, 3].map(() => api("GET", "/contacts", undefined, apiKey));
    const answers = { all: false };
    void Promise.allSettled(pending).then(() => {
      answers.all = true;
    });
    while (emulator.wasender.requests.filter(({ path }) => path === "/contacts").length < 3) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    while (!answers.all) {
      clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const statuses = (await Promise.all(pending)).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 429]);
  });

  it("refuse a body that is too large, in the framework's envelope", async () => {
    const { api } = stage;
    const { apiKey } = await stage.connected();
    const reply = await api("POST", "/send-message", { ...text, text: "x".repeat(2 ** 21) }, apiKey);
    expect(reply).toMatchObject({ status: 413, body: { success: false, message: "The POST data is too large." } });
  });
});

describe("dials and scenarios", () => {
  const stage = useStage({ dials: { connectDelayMs: 300 } });

  it("refuse words that nobody knows", () => {
    const { wasender } = stage.emulator;
    expect(() => wasender.set({ latencyMS: 1 } as never)).toThrow(TypeError);
    expect(() => wasender.set({ lostAnswerRate: 2 })).toThrow(/lostAnswerRate/);
    expect(() => wasender.scenario("hurricane")).toThrow(/There are: calm/);
  });

  it("start over with every scenario, but keep the dials of start-up", () => {
    const { wasender } = stage.emulator;
    wasender.set({ latencyMs: 5, connectDelayMs: 1 });
    wasender.scenario("slow");
    expect(wasender.dials).toMatchObject({ latencyMs: 2_000, connectDelayMs: 300 });
    wasender.scenario("calm");
    expect(wasender.dials).toMatchObject({ latencyMs: 0, connectDelayMs: 300 });
    expect(wasender.scenarioName).toBe("calm");
  });
});
