import { type ProviderWorld, providerSuite } from "@colloquy/conformance";
import { startEmulator } from "@colloquy/emulator";
import { describe, test } from "vitest";
import { ssm } from "../src/index.js";

const target = "i-0123456789abcdef0";
const timings = { pingIntervalMs: 1_000, pongDeadlineMs: 500 };

async function ssmWorld(): Promise<ProviderWorld> {
  const { ssm: service, close } = await startEmulator({
    ssm: { shell: ["/bin/cat"], dials: { signatures: "verified" } },
  });
  const { credentials, endpointUrl: endpoint, region } = service;
  const wrong = { ...credentials, secretAccessKey: "canary/wrong/key" };
  const nobody = (): never => {
    throw new Error("Nobody holds a phone here.");
  };
  return {
    provider: ssm({ region, endpoint, credentials, timings }),
    providerWithWrongToken: ssm({ region, endpoint, credentials: wrong, timings }),
    misconfigured: [
      ssm({ region: "", credentials }),
      ssm({ region, endpoint: "not a url", credentials }),
      ssm({ region, endpoint: "http://ssm.example", credentials }),
      ssm({ region, credentials: { accessKeyId: "", secretAccessKey: "canary" } }),
      ssm({ region, credentials, limits: { windowFrames: 0 } }),
    ],
    sessionInput: { target },
    wrongSessionInput: { target: "" },
    unknownRemoteId: "colloquy-00000000000000000",
    recipient: target,
    wrongMessage: { to: "", text: "" },
    operationInputs: { "sessions.start": { target } },
    canaries: [credentials.secretAccessKey, wrong.secretAccessKey],
    people: {
      scan: nobody,
      scanAsAnother: nobody,
      expireCode: nobody,
      unlink: nobody,
      drop: (id) => {
        service.set({ resumeAnswer: "unavailable" });
        service.cut(id);
      },
      restore: () => service.set({ resumeAnswer: "token" }),
    },
    service: {
      requestCount: () => service.requests.length,
      messageCount: () => 0,
      hasSession: (id) => service.sessions.some(({ sessionId, state }) => sessionId === id && state !== "terminated"),
    },
    loseNextAnswer: nobody,
    beginOutage: () => service.set({ resumeAnswer: "unavailable" }),
    messageDelivery: nobody,
    dispose: close,
  };
}

describe("the SSM provider", () => {
  providerSuite({
    test,
    name: "ssm",
    provider: ssm({ region: "eu-west-1" }),
    harness: ssmWorld,
    cannot: {
      unlink: "no account is linked to a session",
      rateLimits: "the service tells nothing of its limits",
      sameKeys: "each look-up brings a token of its own",
    },
  });
});
