import { describe, expect, it } from "vitest";
import { duration } from "../../src/models/openai/headers.js";
import type { Json } from "../support/api-client.js";
import { useServiceStage } from "../support/service-stage.js";
import { endpointsOf, eventsOf } from "./support.js";

const hello = [{ role: "user", content: "My name is Ada" }];

describe("the OpenAI endpoint", () => {
  const stage = useServiceStage(({ models }) => models.openai.baseUrl);
  const { openai } = endpointsOf(stage);
  const complete = (fields: object) =>
    openai("POST", "/chat/completions", { model: "gpt-4o", messages: hello, ...fields });

  it("lists its models, and shows one", async () => {
    expect((await openai("GET", "/models")).body).toMatchObject({
      object: "list",
      data: [{ id: "gpt-4o", object: "model" }, { id: "gpt-4o-mini" }],
    });
    expect((await openai("GET", "/models/gpt-4o")).body.owned_by).toBe("system");
    expect((await openai("GET", "/models/gpt-0")).status).toBe(404);
  });

  it("completes with the documented shape, usage and limits", async () => {
    const { body, headers } = await complete({ n: 1, temperature: 1, max_completion_tokens: null });
    expect(body).toEqual({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{24}$/),
      object: "chat.completion",
      created: Math.floor(stage.clock.now() / 1_000),
      model: "gpt-4o",
      service_tier: "default",
      system_fingerprint: "fp_emulated",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Nice to meet you, Ada!", refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: expect.objectContaining({ prompt_tokens: 7, completion_tokens: 7, total_tokens: 14 }),
    });
    expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith("x-ratelimit-")))).toEqual({
      "x-ratelimit-limit-requests": "1000",
      "x-ratelimit-limit-tokens": "1000000",
      "x-ratelimit-remaining-requests": "999",
      "x-ratelimit-remaining-tokens": "999993",
      "x-ratelimit-reset-requests": "60ms",
      "x-ratelimit-reset-tokens": "1ms",
    });
    expect(headers.get("x-request-id")).toMatch(/^req_/);
    expect([duration(999), duration(1_500), duration(360_000)]).toEqual(["999ms", "1.5s", "6m0s"]);
  });

  it("streams chunks, and the usage in one without choices when asked", async () => {
    const { headers, text } = await complete({ stream: true, stream_options: { include_usage: true }, max_tokens: 2 });
    expect(headers.get("content-type")).toContain("text/event-stream");
    const chunks = eventsOf(text).map(({ data }) => data) as Json[];
    expect(chunks.pop()).toBe("[DONE]");
    expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: "assistant", content: "", refusal: null },
      { content: "Nice" },
      { content: " to" },
      {},
      undefined,
    ]);
    expect(chunks[3].choices[0].finish_reason).toBe("length");
    expect(chunks.map(({ usage }) => usage?.total_tokens ?? null)).toEqual([null, null, null, null, 9]);
    expect(new Set(chunks.map(({ id, object }) => `${id} ${object}`)).size).toBe(1);
    const plain = eventsOf((await complete({ stream: true })).text);
    expect(plain.some(({ data }) => typeof data === "object" && data !== null && "usage" in data)).toBe(false);
  });

  it.each([
    [{ num_predict: 5 }, 400, { message: "Unrecognized request argument supplied: num_predict" }],
    [{ model: "gpt-0" }, 404, { code: "model_not_found", type: "invalid_request_error", param: null }],
    [{ messages: [] }, 400, { param: "messages", code: "empty_array" }],
    [{ messages: [{ role: "model", content: "x" }] }, 400, { param: "messages[0].role", code: "invalid_value" }],
    [{ messages: [{ role: "tool", content: "x", tool_call_id: "c1" }] }, 400, { param: "messages.[0].role" }],
    [{ temperature: 3 }, 400, { param: "temperature" }],
    [{ max_tokens: 0 }, 400, { param: "max_tokens" }],
  ])("refuses %j", async (fields, status, error) => {
    expect(await complete(fields)).toMatchObject({ status, body: { error } });
  });

  it("accepts an answer of a tool that was called", async () => {
    const call = { id: "c1", type: "function", function: { name: "weather", arguments: "{}" } };
    const messages = [
      ...hello,
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "c1", content: "rain" },
    ];
    expect((await complete({ messages })).body.choices[0].message.content).toBe("The tool said: rain");
  });

  it("wants a key, and shows no more of a wrong one than its ends", async () => {
    const asked = (headers: Record<string, string>) => stage.api("GET", "/models", undefined, headers);
    expect(await asked({})).toMatchObject({ status: 401, body: { error: { code: null } } });
    const wrong = await asked({ authorization: "Bearer sk-a-made-up-key-1234" });
    expect(wrong).toMatchObject({ status: 401, body: { error: { code: "invalid_api_key" } } });
    expect(wrong.text).not.toContain("made-up");
    stage.emulator.models.scenario("keys-revoked");
    expect((await openai("GET", "/models")).status).toBe(401);
  });

  it("throttles above its limits until there is room again, and tells when", async () => {
    stage.emulator.models.scenario("tight-limits");
    for (let count = 0; count < 3; count++) expect((await complete({})).status).toBe(200);
    const refused = await complete({});
    expect(refused).toMatchObject({ status: 429, body: { error: { type: "requests", code: "rate_limit_exceeded" } } });
    expect(refused.headers.get("retry-after")).toBe("20");
    expect(refused.headers.get("x-ratelimit-remaining-requests")).toBe("0");
    stage.clock.advance(20_000);
    expect((await complete({})).status).toBe(200);
    stage.emulator.models.set({ requestsPerMinute: 100, tokensPerMinute: 50 });
    stage.clock.advance(60_000);
    expect((await complete({ max_tokens: 40 })).status).toBe(200);
    expect((await complete({ max_tokens: 40 })).body.error.type).toBe("tokens");
  });

  it("tells a used up quota, an overload and a too long prompt apart", async () => {
    const { models } = stage.emulator;
    models.set({ quotaUsedUp: true });
    expect(await complete({})).toMatchObject({ status: 429, body: { error: { code: "insufficient_quota" } } });
    models.set({ quotaUsedUp: false, overloadedNext: 1 });
    expect(await complete({})).toMatchObject({ status: 503, body: { error: { type: "server_error" } } });
    models.set({ contextTokens: 6 });
    expect(await complete({})).toMatchObject({ status: 400, body: { error: { code: "context_length_exceeded" } } });
  });
});
