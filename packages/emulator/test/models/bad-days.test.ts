import { describe, expect, it } from "vitest";
import { until, useServiceStage } from "../support/service-stage.js";
import { endpointsOf, eventsOf, linesOf } from "./support.js";

const count = [{ role: "user", content: "Count to 9" }];

describe("the weather of the model endpoints", () => {
  const stage = useServiceStage(({ url }) => url);
  const { ollama, openai, anthropic } = endpointsOf(stage);
  const ask = {
    ollama: (fields = {}) => ollama("POST", "/api/chat", { model: "llama3.2", messages: count, ...fields }),
    openai: (fields = {}) =>
      openai("POST", "/chat/completions", { model: "gpt-4o", messages: count, stream: true, ...fields }),
    anthropic: (fields = {}) =>
      anthropic("POST", "/v1/messages", {
        model: "claude-haiku-5-5",
        messages: count,
        max_tokens: 99,
        stream: true,
        ...fields,
      }),
  };

  it("cuts streams off after what it let through, as often as it was told", async () => {
    const { models } = stage.emulator;
    models.scenario("cut-once");
    await expect(ask.openai()).rejects.toThrow("terminated");
    expect(models.calls).toMatchObject([{ outcome: "cut", text: "1 2 3", outputTokens: 3 }]);
    expect((await ask.openai()).text).toContain("[DONE]");
    expect(models.calls[1]).toMatchObject({ outcome: "complete", text: "1 2 3 4 5 6 7 8 9" });
  });

  it("ends streams early, or tells an error in them, each in its own way", async () => {
    const { models } = stage.emulator;
    models.scenario("ends-early");
    expect(linesOf((await ask.ollama()).text)).toHaveLength(3);
    expect((await ask.openai()).text).not.toContain("[DONE]");
    models.scenario("error-mid-stream");
    expect(linesOf((await ask.ollama()).text).at(-1)).toHaveProperty("error");
    expect(eventsOf((await ask.openai()).text).at(-1)?.data).toMatchObject({ error: { type: "server_error" } });
    expect(eventsOf((await ask.anthropic()).text).at(-1)).toEqual({
      event: "error",
      data: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
    });
  });

  it("garbles one line, and leaves usage out", async () => {
    const { models } = stage.emulator;
    models.scenario("garbled-line");
    const lines = (await ask.ollama()).text.trim().split("\n");
    expect(lines.map((line) => line.startsWith("{"))).toEqual([
      true,
      true,
      false,
      ...Array.from({ length: 7 }, () => true),
    ]);
    models.scenario("no-usage");
    expect((await ask.ollama({ stream: false })).body).not.toHaveProperty("eval_count");
    expect((await ask.openai({ stream: false })).body).not.toHaveProperty("usage");
    expect((await ask.anthropic()).text).not.toContain("usage");
  });

  it("takes its time for every token, and notices a client that goes away", async () => {
    const { models } = stage.emulator;
    models.set({ firstTokenMs: 500, tokenMs: 100 });
    const leaving = new AbortController();
    const response = await fetch(`${models.ollama.baseUrl}/api/chat`, {
      method: "POST",
      body: JSON.stringify({ model: "llama3.2", messages: count }),
      signal: leaving.signal,
    });
    const before = stage.clock.now();
    await until(() => {
      stage.clock.advance(10);
      return models.calls[0]?.outputTokens === 2;
    });
    expect(stage.clock.now() - before).toBeGreaterThanOrEqual(700);
    expect(models.calls).toMatchObject([{ outcome: "under_way", text: "1 2" }]);
    leaving.abort();
    await until(() => models.calls[0]?.outcome === "abandoned");
    stage.clock.advance(1_000);
    expect(models.calls[0]?.outputTokens).toBe(2);
    await response.text().catch(() => {});
  });

  it("can strike some endpoints and spare the others", async () => {
    const { models } = stage.emulator;
    models.scenario("cloud-busy");
    expect([(await ask.ollama()).status, (await ask.openai()).status, (await ask.anthropic()).status]).toEqual([
      200, 503, 529,
    ]);
    models.scenario("ollama-down");
    await expect(ask.ollama()).rejects.toThrow("fetch failed");
    expect((await ask.anthropic()).status).toBe(200);
    models.set({ down: [], failNext: [{ match: { path: "/openai/" }, fault: { kind: "garbled_json" } }] });
    expect((await ask.openai()).text).toMatch(/^<</);
    expect(() => models.set({ down: ["mars"] as never })).toThrow(TypeError);
  });

  it("lets a person answer, also over the control API", async () => {
    const { models, url } = stage.emulator;
    models.set({ answeredBy: "person" });
    const waiting = ask.openai({ stream: false });
    await until(() => models.pendingCalls.length === 1);
    const id = models.pendingCalls[0]?.id ?? "";
    const page = await (await fetch(url)).text();
    for (const text of ["Count to 9", `/control/models/calls/${id}/answer`, models.anthropic.apiKey])
      expect(page).toContain(text);
    const answered = await stage.api("POST", `/control/models/calls/${id}/answer`, { text: "Never." });
    expect(answered.body).toEqual({ answered: true });
    expect((await waiting).body.choices[0].message.content).toBe("Never.");
    expect((await stage.api("GET", "/control/models/calls")).body).toMatchObject([{ text: "Never." }]);
    expect((await stage.api("GET", "/control/state")).body.models.counts).toEqual({
      requests: 1,
      calls: 1,
      throttled: 0,
    });
    expect((await stage.api("POST", `/control/models/calls/${id}/answer`, { text: "?" })).status).toBe(400);
    expect((await stage.api("POST", "/control/models/reset", {})).body).toEqual({ reset: true });
    expect(models.calls).toEqual([]);
  });
});
