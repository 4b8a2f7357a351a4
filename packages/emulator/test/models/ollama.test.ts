import { describe, expect, it } from "vitest";
import { until, useServiceStage } from "../support/service-stage.js";
import { endpointsOf, linesOf } from "./support.js";

const hello = [{ role: "user", content: "My name is Ada" }];

describe("the Ollama endpoint", () => {
  const stage = useServiceStage(({ models }) => models.ollama.baseUrl);
  const chat = (fields: object) => stage.api("POST", "/api/chat", { model: "llama3.2", messages: hello, ...fields });

  it("says that it runs, its version, and what it has", async () => {
    expect((await stage.api("GET", "/")).text).toBe("Ollama is running");
    expect((await stage.api("GET", "/api/version")).body.version).toMatch(/^\d+\.\d+\.\d+$/);
    const { models } = (await stage.api("GET", "/api/tags")).body;
    expect(models).toMatchObject([{ name: "llama3.2:latest", model: "llama3.2:latest", details: { format: "gguf" } }]);
    expect(models[0].digest).toMatch(/^[0-9a-f]{64}$/);
    const shown = (await stage.api("POST", "/api/show", { model: "LLAMA3.2" })).body;
    expect(shown).toMatchObject({ capabilities: ["completion"], model_info: { "llama.context_length": 8192 } });
  });

  it("streams lines by default, the last one with what was used", async () => {
    const { headers, text } = await chat({});
    expect(headers.get("content-type")).toBe("application/x-ndjson");
    const lines = linesOf(text);
    const created_at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    expect(lines[0]).toEqual({
      model: "llama3.2",
      created_at,
      message: { role: "assistant", content: "Nice" },
      done: false,
    });
    expect(lines.at(-1)).toEqual({
      model: "llama3.2",
      created_at,
      message: { role: "assistant", content: "" },
      done_reason: "stop",
      done: true,
      total_duration: 0,
      load_duration: 0,
      prompt_eval_count: 7,
      prompt_eval_duration: 0,
      eval_count: 7,
      eval_duration: 0,
    });
  });

  it("answers at once when asked to, and looks for settings nowhere but in options", async () => {
    const { body } = await chat({ stream: false, num_predict: 2, stop: ["meet"] });
    expect(body).toMatchObject({ message: { content: "Nice to meet you, Ada!" }, done: true, done_reason: "stop" });
    expect((await chat({ stream: false, options: { num_predict: 2 } })).body).toMatchObject({
      message: { content: "Nice to" },
      done_reason: "length",
      eval_count: 2,
    });
    expect((await chat({ stream: false, options: { stop: [" meet"] } })).body.message.content).toBe("Nice to");
  });

  it("forgets the oldest messages of a prompt that is longer than num_ctx, and says nothing", async () => {
    const messages = [
      { role: "system", content: "Answer in upper case" },
      ...hello,
      ...Array.from({ length: 20 }, () => ({ role: "assistant", content: "Well, well, well" })),
      { role: "user", content: "What's my name?" },
    ];
    const content = async (num_ctx: number) =>
      (await chat({ messages, stream: false, options: { num_ctx } })).body.message.content;
    expect(await content(4096)).toBe("YOUR NAME IS ADA.");
    expect(await content(100)).toBe("I DON'T KNOW YOUR NAME YET.");
  });

  it("refuses what it cannot answer in its own words, and loads a model without messages", async () => {
    expect(await chat({ model: "mistral" })).toMatchObject({
      status: 404,
      body: { error: "model 'mistral' not found" },
    });
    expect(await chat({ model: "" })).toMatchObject({ status: 400, body: { error: "model is required" } });
    expect((await chat({ messages: [{ role: "developer", content: "x" }] })).body.error).toContain("invalid role");
    expect((await chat({ messages: [] })).body).toMatchObject({ done: true, done_reason: "load" });
    expect((await stage.api("POST", "/api/nothing", {})).status).toBe(404);
    stage.emulator.models.set({ overloadedNext: 1, throttledNext: 1 });
    expect(await chat({})).toMatchObject({ status: 429, body: { error: "too many requests" } });
    expect((await chat({})).status).toBe(503);
  });

  it("pulls with progress what its library has, once", async () => {
    stage.emulator.models.set({ pullMs: 400 });
    const before = stage.clock.now();
    const pulled = stage.api("POST", "/api/pull", { model: "mistral" });
    await until(() => {
      stage.clock.advance(10);
      return stage.emulator.models.ollama.models.length === 2;
    });
    expect(stage.clock.now() - before).toBeGreaterThanOrEqual(400);
    const lines = linesOf((await pulled).text) as { status: string; completed?: number; total?: number }[];
    expect(lines.map(({ status }) => status.replace(/ [0-9a-f]{12}$/, " layer"))).toEqual([
      "pulling manifest",
      ...Array.from({ length: 5 }, () => "pulling layer"),
      "verifying sha256 digest",
      "writing manifest",
      "success",
    ]);
    expect(lines[5]?.completed).toBe(lines[5]?.total);
    expect(stage.emulator.models.ollama.models).toContain("mistral:latest");
    expect((await chat({ model: "mistral", stream: false })).status).toBe(200);
  });

  it("tells in the stream of a pull why it failed", async () => {
    const unknown = await stage.api("POST", "/api/pull", { name: "no-such-model" });
    expect(linesOf(unknown.text).at(-1)).toEqual({ error: "pull model manifest: file does not exist" });
    expect((await stage.api("POST", "/api/pull", { name: "nothing", stream: false })).status).toBe(500);
    stage.emulator.models.set({ pullFails: true });
    const { text } = await stage.api("POST", "/api/pull", { model: "mistral" });
    expect(linesOf(text).at(-1)).toHaveProperty("error");
    expect(stage.emulator.models.ollama.models).toEqual(["llama3.2:latest"]);
  });
});

describe("the memory of the three endpoints", () => {
  const stage = useServiceStage(({ url }) => url);
  const endpoints = endpointsOf(stage);

  it("is what the prompt tells them again, and the system message is honoured by each", async () => {
    const messages = [...hello, { role: "assistant", content: "Hello" }, { role: "user", content: "What's my name?" }];
    const system = { role: "system", content: "Answer in upper case" };
    const ollama = await endpoints.ollama("POST", "/api/chat", {
      model: "llama3.2",
      stream: false,
      messages: [system, ...messages],
    });
    const openai = await endpoints.openai("POST", "/chat/completions", {
      model: "gpt-4o",
      messages: [{ ...system, role: "developer" }, ...messages],
    });
    const anthropic = await endpoints.anthropic("POST", "/v1/messages", {
      model: "claude-haiku-5-5",
      max_tokens: 100,
      system: system.content,
      messages,
    });
    expect([
      ollama.body.message.content,
      openai.body.choices[0].message.content,
      anthropic.body.content[0].text,
    ]).toEqual(Array.from({ length: 3 }, () => "YOUR NAME IS ADA."));
    expect(stage.emulator.models.calls.map(({ api, outcome }) => [api, outcome])).toEqual([
      ["ollama", "complete"],
      ["openai", "complete"],
      ["anthropic", "complete"],
    ]);
  });
});
