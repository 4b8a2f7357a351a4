import { type ProviderWorld, providerSuite } from "@colloquy/conformance";
import { startEmulator } from "@colloquy/emulator";
import { orgNats } from "@colloquy/org-nats";
import { describe, test } from "vitest";

const token = "canary-gateway-token";

async function orgWorld(): Promise<ProviderWorld> {
  const { org, close } = await startEmulator({ org: { dials: { dialect: "repaired" } } });
  const baseUrl = org.sessionsUrl;
  const settings = { dialect: "repaired", nats: false, pollMs: 50 } as const;
  // The servers take every token; a gateway before them does not.
  const gateway = await startEmulator({
    org: {
      dials: {
        dialect: "repaired",
        failNext: [
          { match: {}, times: 1_000, fault: { kind: "status", status: 401, body: { error: "unauthorized" } } },
        ],
      },
    },
  });
  const nobody = (): never => {
    throw new Error("Nobody holds a phone here.");
  };
  return {
    provider: orgNats({ ...settings, baseUrl, personalAccessToken: token }),
    providerWithWrongToken: orgNats({
      ...settings,
      baseUrl: gateway.org.sessionsUrl,
      personalAccessToken: "canary-wrong-token",
    }),
    misconfigured: [
      orgNats({ baseUrl: "not a url" }),
      orgNats({ baseUrl: "http://org.example", personalAccessToken: token }),
      orgNats({ nats: { servers: "https://nats.example" } }),
      orgNats({ nats: { jetStream: { subjects: [">"] } } }),
    ],
    sessionInput: { messageData: { note: "canary-note" }, receptionChannelId: "human" },
    wrongSessionInput: { subjectId: "two words" },
    unknownRemoteId: "00000000-0000-4000-8000-000000000000",
    recipient: "human",
    wrongMessage: { to: "human", text: "Hello" },
    standsAs: "waiting",
    asks: {
      question: { text: "May we?" },
      wrongQuestion: { text: " " },
      answer: async (_askId, text) => {
        const question = org.questions.at(-1);
        if (question === undefined) throw new Error("Nobody was asked.");
        await org.answer(question.id, { said: text });
      },
      count: () => org.questions.length,
      loseNextReply: () =>
        org.set({ failNext: [{ match: { method: "POST", path: "/send_message" }, fault: { kind: "drop_after" } }] }),
    },
    operationInputs: {
      "sessions.update": { status: "pending" },
      "messages.send": { channelId: "human", message: "May we?" },
    },
    canaries: [token, "canary-wrong-token", "canary-note"],
    people: { scan: nobody, scanAsAnother: nobody, expireCode: nobody, unlink: nobody, drop: nobody, restore: nobody },
    service: {
      requestCount: () => org.requests.length,
      messageCount: () => org.questions.length,
      hasSession: (id) => org.sessions.some((session) => session["session_id"] === id),
    },
    loseNextAnswer: nobody,
    beginOutage: () => org.set({ error503Rate: 1 }),
    messageDelivery: nobody,
    dispose: async () => void (await Promise.all([close(), gateway.close()])),
  };
}

describe("the provider of organisation sessions", () => {
  providerSuite({
    test,
    name: "org-nats",
    provider: orgNats({ nats: false }),
    harness: orgWorld,
    cannot: {
      standConnected: "its sessions are one question each and wait for its answer",
      unlink: "no account is linked to a session",
      drop: "without NATS there is no connection that could be lost between two calls",
      rateLimits: "the servers tell nothing of limits",
    },
  });
});
