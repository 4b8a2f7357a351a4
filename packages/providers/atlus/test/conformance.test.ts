import { atlus } from "@colloquy/atlus";
import { type ProviderWorld, providerSuite } from "@colloquy/conformance";
import { startEmulator } from "@colloquy/emulator";
import { describe, test } from "vitest";

const token = "canary-gateway-token";

async function atlusWorld(): Promise<ProviderWorld> {
  const { atlus: service, close } = await startEmulator({ atlus: { personalAccessTokens: [token] } });
  const { baseUrl } = service;
  const nobody = (): never => {
    throw new Error("Nobody holds a phone here.");
  };
  return {
    provider: atlus({ baseUrl, personalAccessToken: token }),
    providerWithWrongToken: atlus({ baseUrl, personalAccessToken: "canary-wrong-token" }),
    misconfigured: [
      atlus({ baseUrl: "not a url" }),
      atlus({ baseUrl: "http://atlus.example", personalAccessToken: token }),
      atlus({ baseUrl, personalAccessToken: "two words" }),
      atlus({ baseUrl, chatTimeoutMs: 0 }),
    ],
    sessionInput: { userId: "canary-user", metadata: { source: "web" } },
    wrongSessionInput: { userId: " " },
    unknownRemoteId: "session_0123456789abcdef",
    recipient: "atlus",
    wrongMessage: { to: "somebody else", text: "Hello" },
    canaries: [token, "canary-wrong-token"],
    people: { scan: nobody, scanAsAnother: nobody, expireCode: nobody, unlink: nobody, drop: nobody, restore: nobody },
    service: {
      requestCount: () => service.requests.length,
      messageCount: () => service.chats.length,
      hasSession: (id) => service.sessions.some(({ sessionId }) => sessionId === id),
    },
    asks: {
      question: { text: "My name is Indigo" },
      wrongQuestion: { text: "My name is Indigo", to: "somebody else" },
      answer: (_id, text) => {
        if (text !== "indigo") throw new Error("Only one thing was asked.");
      },
      count: () => service.chats.length,
      loseNextReply: () => service.set({ failNext: [{ match: { path: "/chat" }, fault: { kind: "drop_after" } }] }),
    },
    loseNextAnswer: () => service.set({ failNext: [{ match: { path: "/chat" }, fault: { kind: "drop_after" } }] }),
    beginOutage: () => service.set({ error503Rate: 1 }),
    messageDelivery: nobody,
    dispose: close,
  };
}

describe("the ATLUS provider", () => {
  providerSuite({
    test,
    name: "atlus",
    provider: atlus(),
    harness: atlusWorld,
    cannot: {
      unlink: "no account is linked to a session",
      drop: "there is no connection that could be lost between two calls",
      answerLater: "the reply to a question is its answer",
      rateLimits: "the service tells nothing of its limits",
    },
  });
});
