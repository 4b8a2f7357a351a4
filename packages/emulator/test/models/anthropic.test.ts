import { describe, expect, it } from "vitest";
import { useServiceStage } from "../support/service-stage.js";
import { endpointsOf, eventsOf } from "./support.js";

const hello = [{ role: "user", content: "My name is Ada" }];

describe("the Anthropic endpoint", () => {
  const stage = useServiceStage(({ models }) => models.anthropic.baseUrl);
  const { anthropic } = endpointsOf(stage);
  const send = (fields: object) =>
    anthropic("POST", "/v1/messages", { model: "claude-sonnet-5-5", max_tokens: 100, messages: hello, ...fields });

  it("answers with the documented shape, usage and limits", async () => {
    expect((await anthropic("GET", "/v1/models")).body).toMatchObject({
      data: [{ type: "model", id: "claude-sonnet-5-5" }, { id: "claude-haiku-5-5" }],
      has_more: false,
    });
    const { body, headers } = await send({});
    expect(body).toEqual({
      id: expect.stringMatching(/^msg_[0-9a-f]{24}$/),
      type: "message",
      role: "assistant",
      model: "claude-sonnet-5-5",
      content: [{ type: "text", text: "Nice to meet you, Ada!" }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 7, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 7 },
    });
    expect(headers.get("request-id")).toMatch(/^req_/);
    expect(headers.get("anthropic-ratelimit-requests-limit")).toBe("1000");
    expect(headers.get("anthropic-ratelimit-requests-remaining")).toBe("999");
    expect(headers.get("anthropic-ratelimit-tokens-remaining")).toBe("1000000");
    for (const name of ["requests", "tokens", "input-tokens", "output-tokens"])
      expect(headers.get(`anthropic-ratelimit-${name}-reset`)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it("streams its events in their order", async () => {
    const { text } = await send({ stream: true, stop_sequences: [" meet"] });
    const events = eventsOf(text);
    expect(events.map(({ event }) => event)).toEqual([
      "message_start",
      "content_block_start",
      "ping",
      "content_block_delta",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(events.every(({ event, data }) => (data as { type: string }).type === event)).toBe(true);
    expect(events[0]?.data).toMatchObject({
      message: { content: [], stop_reason: null, usage: { input_tokens: 7, output_tokens: 1 } },
    });
    expect(events[4]?.data).toEqual({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text: " to" },
    });
    expect(events[6]?.data).toEqual({
      type: "message_delta",
      delta: { stop_reason: "stop_sequence", stop_sequence: " meet" },
      usage: { output_tokens: 2 },
    });
  });

  it.each([
    [{ max_tokens: undefined }, "max_tokens: Field required"],
    [{ stop: ["x"] }, "stop: Extra inputs are not permitted"],
    [{ temperature: 1.5 }, "temperature: range: 0..1"],
    [{ messages: [] }, "messages: at least one message is required"],
    [{ messages: [{ role: "system", content: "x" }, ...hello] }, 'messages: Unexpected role "system".'],
    [{ messages: [{ role: "assistant", content: "x" }] }, 'messages: first message must use the "user" role'],
    [{ messages: [{ role: "user", content: "" }] }, "messages.0: all messages must have non-empty content"],
    [
      { messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "t1" }] }] },
      "unexpected `tool_use_id`",
    ],
  ])("refuses %j", async (fields, message) => {
    const { status, body } = await send(fields);
    expect(status).toBe(400);
    expect(body).toEqual({
      type: "error",
      error: { type: "invalid_request_error", message: expect.stringContaining(message) },
      request_id: expect.stringMatching(/^req_/),
    });
  });

  it("wants a key and a version, and knows its models", async () => {
    const { models } = stage.emulator;
    const asked = (headers: Record<string, string>) => stage.api("POST", "/v1/messages", {}, headers);
    expect(await asked({})).toMatchObject({ status: 401, body: { error: { type: "authentication_error" } } });
    expect((await asked({ "x-api-key": "sk-ant-wrong" })).body.error.message).toBe("invalid x-api-key");
    expect((await asked({ "x-api-key": models.anthropic.apiKey })).body.error.message).toContain("anthropic-version");
    expect(await send({ model: "claude-0" })).toMatchObject({
      status: 404,
      body: { error: { type: "not_found_error" } },
    });
  });

  it("throttles with the seconds to wait, and is overloaded with 529", async () => {
    const { models } = stage.emulator;
    models.set({ throttledNext: 1, retryAfterSeconds: 7, overloadedNext: 1 });
    const throttled = await send({});
    expect(throttled).toMatchObject({ status: 429, body: { error: { type: "rate_limit_error" } } });
    expect(throttled.headers.get("retry-after")).toBe("7");
    expect(await send({})).toMatchObject({ status: 529, body: { error: { type: "overloaded_error" } } });
    models.set({ requestsPerMinute: 2 });
    const answers = [await send({}), await send({}), await send({})];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.headers.get("retry-after")).toBe("30");
    expect(models.throttledCount).toBe(2);
    models.set({ quotaUsedUp: true });
    expect((await send({})).body.error.message).toContain("credit balance");
    models.set({ quotaUsedUp: false, contextTokens: 5 });
    expect((await send({})).body.error.message).toBe("prompt is too long: 7 tokens > 5 maximum");
  });
});
