import { type ProviderWorld, providerSuite } from "@colloquy/conformance";
import { shiftingClock, startEmulator } from "@colloquy/emulator";
import { wasender } from "@colloquy/wasender";
import { describe, test } from "vitest";
import { operationInputs } from "./conformance/operation-inputs.js";
import { startWebhookReceiver } from "./conformance/webhook-receiver.js";

const phoneNumber = "+15550143";
const qrLifetimeMs = 45_000;

async function wasenderWorld(): Promise<ProviderWorld> {
  const clock = shiftingClock();
  const receiver = await startWebhookReceiver();
  const { wasender: service, close } = await startEmulator({
    clock,
    wasender: { dials: { connectDelayMs: 20, rateLimits: { send: { limit: 1_000 } } } },
  });
  const { baseUrl, personalAccessToken } = service;
  const limits = { sendPerMinute: 1_000 };
  const sessionOf = (remoteId: string) => service.sessions.find(({ id }) => String(id) === remoteId);
  return {
    provider: wasender({ baseUrl, personalAccessToken, limits }),
    providerWithWrongToken: wasender({ baseUrl, personalAccessToken: "canary-wrong-token", limits }),
    misconfigured: [
      wasender({ baseUrl: "not a url", personalAccessToken }),
      wasender({ baseUrl: "http://wasender.example/api", personalAccessToken }),
      wasender({ baseUrl, personalAccessToken: "two words" }),
      wasender({ baseUrl, personalAccessToken, limits: { sendPerMinute: 0 } }),
    ],
    sessionInput: {
      name: "Shop",
      phoneNumber,
      accountProtection: false,
      webhookUrl: receiver.url,
      webhookEvents: ["messages.upsert"],
    },
    wrongSessionInput: { name: "Shop", phoneNumber: "nobody" },
    unknownRemoteId: "999999",
    recipient: "+15550144",
    wrongMessage: { to: "", text: "Hello" },
    operationInputs,
    canaries: [personalAccessToken, "canary-wrong-token", "15550143", "15550144"],
    people: {
      scan: (id) => service.scan(Number(id)),
      scanAsAnother: (id) => service.scan(Number(id), { phoneNumber: "+15550199" }),
      expireCode: () => clock.shift(qrLifetimeMs),
      unlink: (id) => service.unlink(Number(id)),
      drop: (id) => service.dropNetwork(Number(id)),
      restore: (id) => service.restoreNetwork(Number(id)),
    },
    service: {
      requestCount: () => service.requests.length,
      messageCount: () => service.sent.length,
      hasSession: (id) => sessionOf(id) !== undefined,
    },
    loseNextAnswer: () =>
      service.set({ failNext: [{ match: { path: "/send-message" }, fault: { kind: "drop_after" } }] }),
    beginOutage: () => service.set({ error503Rate: 1 }),
    messageDelivery: (id) => {
      service.receive(Number(id), { from: "+15550144", name: "Ada", text: "Hello" });
      return receiver.next();
    },
    dispose: async () => {
      await close();
      await receiver.close();
    },
  };
}

describe("the Wasender provider", () => {
  providerSuite({ test, name: "wasender", provider: wasender(), harness: wasenderWorld });
});
