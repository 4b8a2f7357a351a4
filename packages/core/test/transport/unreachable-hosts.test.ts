import nock from "nock";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { createTransport } from "../../src/transport/index.js";
import { fakeProvider, send } from "./fake-provider.js";
import { failureOf, message } from "./setting.js";

afterEach(() => nock.cleanAll());

describe("a host that is not ours", () => {
  it("whose name is not found was not reached, and is tried again", async () => {
    const transport = createTransport({ limits: { backoffBaseMs: 1, maxAttempts: 3 } });
    onTestFinished(transport.close);
    const unknownHost = nock("https://provider.test")
      .post("/send")
      .times(3)
      .replyWithError(Object.assign(new Error("getaddrinfo ENOTFOUND provider.test"), { code: "ENOTFOUND" }));
    const provider = fakeProvider({ baseUrl: "https://provider.test" });
    const error = await failureOf(transport.execute({ provider, operation: send, input: message }));
    expect(error).toMatchObject({ code: "NETWORK_UNREACHABLE", outcome: "not_attempted", retryable: true });
    expect(unknownHost.isDone()).toBe(true);
  });

  it("with a certificate that is not trusted gets nothing, and is not tried again", async () => {
    const transport = createTransport();
    onTestFinished(transport.close);
    nock("https://provider.test")
      .post("/send")
      .replyWithError(Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }));
    const provider = fakeProvider({ baseUrl: "https://provider.test" });
    const error = await failureOf(transport.execute({ provider, operation: send, input: message }));
    expect(error).toMatchObject({ code: "NETWORK_UNREACHABLE", outcome: "not_attempted", retryable: false });
  });
});
