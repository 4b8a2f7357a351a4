import { type ProviderWorld, providerSuite } from "@colloquy/conformance";
import { startEmulator } from "@colloquy/emulator";
import { oblix, ollama, openai } from "@colloquy/oblix";
import { describe, test } from "vitest";

const key = "sk-canary-key-of-a-model";

async function oblixWorld(): Promise<ProviderWorld> {
  const { models, close } = await startEmulator({ models: { openaiApiKeys: [key] } });
  const { baseUrl } = models.openai;
  const model = openai({ model: "gpt-4o", apiKey: key, baseUrl });
  const nobody = (): never => {
    throw new Error("Nobody holds a phone here.");
  };
  return {
    provider: oblix({ models: [model] }),
    providerWithWrongToken: oblix({ models: [openai({ model: "gpt-4o", apiKey: "sk-canary-wrong", baseUrl })] }),
    misconfigured: [
      oblix({ models: [] }),
      oblix({ models: [model, model] }),
      oblix({ models: [openai({ model: "gpt-4o", apiKey: key, baseUrl: "not a url" })] }),
      oblix({ models: [openai({ model: "gpt-4o", apiKey: key, baseUrl: "http://models.example/v1" })] }),
      oblix({ models: [openai({ model: "gpt-4o" })] }),
      oblix({ models: [ollama({ model: " " })] }),
    ],
    sessionInput: { title: "canary-title", initialContext: { customer: "cust_123" }, metadata: { source: "web" } },
    wrongSessionInput: { title: " ", metadata: [] },
    unknownRemoteId: "con_0123456789",
    recipient: "assistant",
    wrongMessage: { to: "somebody else", text: "Hello" },
    operationInputs: {
      "conversations.get": { conversationId: "1" },
      "conversations.remove": { conversationId: "1" },
      "turns.execute": { conversationId: "1", prompt: "Hello" },
    },
    unlimitedBuckets: [],
    canaries: [key, "sk-canary-wrong", "canary-title"],
    people: { scan: nobody, scanAsAnother: nobody, expireCode: nobody, unlink: nobody, drop: nobody, restore: nobody },
    service: {
      requestCount: () => models.requests.length,
      messageCount: () => models.calls.length,
      hasSession: async (id, store) => (await store.transcripts?.get(id)) !== undefined,
    },
    loseNextAnswer: () => models.set({ cutAfterTokens: 0, cuts: 1 }),
    beginOutage: () => models.set({ error503Rate: 1 }),
    messageDelivery: nobody,
    dispose: close,
  };
}

describe("the Oblix provider", () => {
  providerSuite({
    test,
    name: "oblix",
    provider: oblix({ models: [ollama({ model: "llama3.2" })] }),
    harness: oblixWorld,
    cannot: {
      sameKeys: "a session is in the store that it was made in, and has no keys",
      wrongToken: "a model's key is used by an answer, not by making a session",
      unlink: "no account is linked to a session",
      drop: "there is no connection that could be lost between two calls",
      rateLimits: "limits are those of the models' endpoints, not of the session",
    },
  });
});
