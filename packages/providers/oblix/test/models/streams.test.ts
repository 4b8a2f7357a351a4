import type { ChatAnswer, ChatModel } from "@colloquy/core/contract";
import { anthropic, ollama, openai } from "@colloquy/oblix";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const event = (data: unknown): string => `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
const named = (type: string, fields: object): string => `event: ${type}\n${event({ type, ...fields })}`;

const head = { status: 200, headers: { "content-type": "text/event-stream" } };

/** One model of each kind, an answer of it as it is on the wire, and what it says. */
const streams: readonly (readonly [name: string, model: ChatModel, wire: string, answer: Partial<ChatAnswer>])[] = [
  [
    "Ollama",
    ollama({ model: "llama3.2" }),
    [
      { message: { role: "assistant", content: "Grüß " }, done: false },
      { message: { role: "assistant", content: "Gott" }, done: false },
      {
        message: { role: "assistant", content: "", tool_calls: [{ function: { name: "look", arguments: { at: 1 } } }] },
      },
      {
        model: "llama3.2",
        message: { content: "" },
        done: true,
        done_reason: "stop",
        prompt_eval_count: 7,
        eval_count: 3,
      },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
    {
      text: "Grüß Gott",
      usage: { inputTokens: 7, outputTokens: 3 },
      finish: "tool_calls",
      toolCalls: [{ id: "call_1", name: "look", arguments: { at: 1 } }],
    },
  ],
  [
    "OpenAI",
    openai({ model: "gpt-4o", apiKey: "sk-made-up" }),
    [
      event({ model: "gpt-4o-2024", choices: [{ delta: { role: "assistant", content: "" } }] }),
      event({ choices: [{ delta: { content: "Grüß " } }] }),
      event({ choices: [{ delta: { content: "Gott" } }] }),
      event({
        choices: [{ delta: { tool_calls: [{ index: 0, id: "c9", function: { name: "look", arguments: '{"at"' } }] } }],
      }),
      event({
        choices: [
          { delta: { tool_calls: [{ index: 0, function: { arguments: ":1}" } }] }, finish_reason: "tool_calls" },
        ],
      }),
      event({
        choices: [],
        usage: { prompt_tokens: 7, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 2 } },
      }),
      event("[DONE]"),
    ].join(""),
    {
      text: "Grüß Gott",
      usage: { inputTokens: 7, outputTokens: 3, cachedTokens: 2 },
      finish: "tool_calls",
      modelName: "gpt-4o-2024",
      toolCalls: [{ id: "c9", name: "look", arguments: { at: 1 } }],
    },
  ],
  [
    "Anthropic",
    anthropic({ model: "claude-haiku-5-5", apiKey: "sk-ant-made-up" }),
    [
      named("message_start", { message: { model: "claude-x", usage: { input_tokens: 7, output_tokens: 1 } } }),
      named("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
      named("ping", {}),
      named("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Grüß " } }),
      named("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Gott" } }),
      named("content_block_start", { index: 1, content_block: { type: "tool_use", id: "t1", name: "look" } }),
      named("content_block_delta", { index: 1, delta: { type: "input_json_delta", partial_json: '{"at"' } }),
      named("content_block_delta", { index: 1, delta: { type: "input_json_delta", partial_json: ":1}" } }),
      named("message_delta", { delta: { stop_reason: "tool_use" }, usage: { output_tokens: 3 } }),
      named("message_stop", {}),
    ].join(""),
    {
      text: "Grüß Gott",
      usage: { inputTokens: 7, outputTokens: 3 },
      finish: "tool_calls",
      toolCalls: [{ id: "t1", name: "look", arguments: { at: 1 } }],
    },
  ],
];

/** Reads a stream in parts. */
function read(model: ChatModel, parts: readonly string[]): { readonly pieces: string; readonly answer: ChatAnswer } {
  const reader = model.chat.pieces(head);
  const pieces = parts.flatMap((part) => reader.push(part)).map(({ text }) => text);
  return { pieces: pieces.join(""), answer: reader.end() };
}

describe.each(streams)("an answer of %s", (_name, model, wire, expected) => {
  it("is the same however it is cut into parts, and its pieces are its text", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: wire.length }), { maxLength: 12 }), (drawn) => {
        const cuts = [0, ...drawn.toSorted((a, b) => a - b), wire.length];
        const parts = cuts.slice(1).map((cut, place) => wire.slice(cuts[place], cut));
        const { pieces, answer } = read(model, parts);
        expect(answer).toMatchObject(expected);
        expect(pieces).toBe(expected.text);
      }),
      { seed: 20_261_121, numRuns: 60 },
    );
  });

  it("that ends before it says so is malformed, wherever it ends", () => {
    // OpenAI says so with a reason to stop; what follows is not always sent.
    const saysSo = Math.max(wire.indexOf("finish_reason"), 0) || wire.length - 60;
    for (let end = 0; end < saysSo; end += 17)
      expect(() => read(model, [wire.slice(0, end)]), String(end)).toThrow(
        expect.objectContaining({ code: "RESPONSE_MALFORMED" }),
      );
  });

  it("that is no JSON where JSON belongs is malformed, and never a crash of ours", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.boolean(), (garbage, isEvent) => {
        try {
          read(model, [isEvent ? `data: ${garbage}\n\n` : `${garbage}\n`]);
        } catch (error) {
          expect(error).toMatchObject({ code: "RESPONSE_MALFORMED" });
        }
      }),
      { seed: 20_261_121 },
    );
  });
});

describe("an error in the middle of an answer", () => {
  it.each([
    ["Ollama", streams[0]?.[1], `${JSON.stringify({ error: "unexpected EOF" })}\n`],
    ["OpenAI", streams[1]?.[1], event({ error: { message: "Sorry", type: "server_error" } })],
    ["Anthropic", streams[2]?.[1], named("error", { error: { type: "overloaded_error", message: "Overloaded" } })],
  ])("of %s is told as one, not as text", (_name, model, wire) => {
    expect(() => read(model as ChatModel, [wire])).toThrow(
      expect.objectContaining({ code: "PROVIDER_UNAVAILABLE", outcome: "rejected" }),
    );
  });
});

describe("tokens", () => {
  it("are counted as the model counts them where that is known, control words as text", async () => {
    const counter = await openai({ model: "gpt-4o", apiKey: "sk-made-up" }).tokens?.();
    expect(counter?.isExact).toBe(true);
    expect(counter?.count("Hello world")).toBe(2);
    expect(counter?.count("<|endoftext|>")).toBeGreaterThan(1);
    expect(ollama({ model: "llama3.2" }).tokens).toBeUndefined();
  });
});
