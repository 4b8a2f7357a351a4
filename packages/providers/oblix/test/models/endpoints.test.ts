import { anthropic, openai } from "@colloquy/oblix";
import { describe, expect, it } from "vitest";
import { codeOf, startTalk } from "../support/talk.js";

const each = ["ollama:llama3.2", "openai:gpt-4o", "anthropic:claude-haiku-5-5"];

describe("an endpoint", () => {
  it.each(each)("%s streams its tokens, knows what was said before, and tells its own usage", async (modelId) => {
    const { client, models } = await startTalk();
    await client.createAndUseSession({ initialContext: { system: 'End every answer with "over."' } });
    await client.execute({ prompt: "My name is John", modelId });
    const turn = client.execute({ prompt: "What is my name?", modelId, temperature: 0.2, maxTokens: 50 });
    const tokens: string[] = [];
    for await (const token of turn) tokens.push(token);
    expect(tokens.length).toBeGreaterThan(3);
    expect(tokens.join("")).toBe("Your name is John. over.");
    const { metrics } = await turn;
    expect(metrics.outputTokens).toBe(models.calls[1]?.outputTokens);
    expect(metrics.inputTokens).toBeGreaterThan(10);
    const whole = await client.execute({ prompt: "What did I say?", modelId, stream: false });
    expect(whole.response).toContain("What is my name?");
    expect(models.calls.map(({ isStreamed }) => isStreamed)).toEqual([true, true, false]);
    expect(whole.metrics).not.toHaveProperty("timeToFirstToken");
    const { response, finish } = await client.execute({ prompt: "Count to 100", modelId, maxTokens: 3 });
    expect({ isShort: response.length < 20, finish }).toEqual({ isShort: true, finish: "length" });
  });

  it("that fails says how, and nothing of that is an answer", async () => {
    const { client, models } = await startTalk();
    const failures = [
      ["openai:gpt-4o", { keyRevoked: true }, "CREDENTIAL_REJECTED"],
      ["anthropic:claude-haiku-5-5", { keyRevoked: true }, "CREDENTIAL_REJECTED"],
      ["openai:gpt-4o", { quotaUsedUp: true }, "QUOTA_EXCEEDED"],
      ["anthropic:claude-haiku-5-5", { quotaUsedUp: true }, "QUOTA_EXCEEDED"],
      ["openai:gpt-4o", { contextTokens: 2 }, "MESSAGE_TOO_LONG"],
      ["anthropic:claude-haiku-5-5", { contextTokens: 2 }, "MESSAGE_TOO_LONG"],
      ["anthropic:claude-haiku-5-5", { overloadedRate: 1 }, "PROVIDER_UNAVAILABLE"],
      ["ollama:llama3.2", { cutAfterTokens: 1, cutAs: "end" }, "RESPONSE_MALFORMED"],
      ["openai:gpt-4o", { cutAfterTokens: 1, cutAs: "error" }, "PROVIDER_UNAVAILABLE"],
      ["anthropic:claude-haiku-5-5", { cutAfterTokens: 1, cutAs: "reset" }, "OUTCOME_UNKNOWN"],
      ["ollama:llama3.2", { garbledLine: 2 }, "RESPONSE_MALFORMED"],
    ] as const;
    for (const [modelId, dials, code] of failures) {
      models.scenario("calm");
      models.set(dials);
      const sessionId = await client.createAndUseSession();
      const what = `${modelId} with ${JSON.stringify(dials)}`;
      expect(await codeOf(client.execute({ prompt: "Count to nine", modelId })), what).toBe(code);
      const { messages } = await client.loadSession(sessionId);
      expect(messages.map(({ status }) => status)).toEqual(["complete", "failed"]);
      expect(messages[1]?.content, what).not.toMatch(/error/i);
    }
  });

  it("that is overloaded or limits once is asked again, after the wait that it names", async () => {
    const { client, models } = await startTalk();
    models.set({ overloadedNext: 1 });
    expect((await client.execute({ prompt: "Count to 3", modelId: each[2] as string })).response).toBe("1 2 3");
    models.set({ throttledNext: 1, retryAfterSeconds: 0.05 });
    expect((await client.execute({ prompt: "Count to 4", modelId: each[1] as string })).response).toBe("1 2 3 4");
    expect(models.throttledCount).toBe(1);
  });

  it("that has no such model, or no key, says so", async () => {
    const { models, client } = await startTalk();
    const { baseUrl } = models.openai;
    const wrong = await startTalk({
      models: [
        openai({ model: "gpt-0", apiKey: models.openai.apiKey, baseUrl }),
        anthropic({ model: "claude-haiku-5-5", apiKey: () => "", baseUrl: models.anthropic.baseUrl }),
      ],
      routing: ({ models: [first] }) => ({ models: first ? [first] : [], why: "it is the first" }),
    });
    expect(await codeOf(wrong.client.execute({ prompt: "Hello?" }))).toBe("REMOTE_NOT_FOUND");
    expect(await codeOf(wrong.client.execute({ prompt: "Hello?", modelId: each[2] as string }))).toBe(
      "CREDENTIAL_MISSING",
    );
    expect(await codeOf(client.execute({ prompt: "Hello?", modelId: "gpt-4o" }))).toBe("INPUT_INVALID");
  });
});
