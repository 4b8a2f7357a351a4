import { describe, expect, it } from "vitest";
import { type FakeProviderOptions, fakeSession, look, send } from "./fake-provider.js";
import { failureOf, message, ok, setUp } from "./setting.js";

describe("credentials", () => {
  const cases: [string, FakeProviderOptions["credentials"], Record<string, unknown>][] = [
    ["missing", {}, { code: "CREDENTIAL_MISSING", message: expect.stringContaining("FAKE_TOKEN") }],
    ["empty", { personal_access_token: "" }, { code: "CREDENTIAL_MISSING" }],
    ["of the wrong kind", { personal_access_token: "key-instead-of-token" }, { code: "CREDENTIAL_WRONG_KIND" }],
    ["with a line break", { personal_access_token: "pat-a\r\nX-Evil: 1" }, { code: "CONFIG_INVALID" }],
    ["with a character that no header can hold", { personal_access_token: "pat-ä" }, { code: "CONFIG_INVALID" }],
    [
      "whose resolver fails",
      { personal_access_token: () => Promise.reject(new Error("vault pat-canary-in-vault")) },
      { code: "CREDENTIAL_MISSING", retryable: true },
    ],
    ["whose resolver gives none", { personal_access_token: () => "" }, { code: "CREDENTIAL_MISSING" }],
  ];
  it.each(cases)("%s are refused before anything leaves", async (_name, credentials, expected) => {
    const { server, transport, provider } = await setUp(ok, {}, { credentials: credentials ?? {} });
    const error = await failureOf(transport.execute({ provider, operation: send, input: message }));
    expect(error).toMatchObject({
      outcome: "not_attempted",
      providerId: "fake",
      operation: "messages.send",
      ...expected,
    });
    expect(String(error["message"])).not.toMatch(/pat-|key-/);
    expect(server.seen).toHaveLength(0);
  });

  it("of a session that are missing say so", async () => {
    const { transport, provider } = await setUp(ok);
    const call = transport.execute({
      provider,
      operation: look,
      input: { id: "1" },
      session: fakeSession("ses_a", {}),
    });
    expect(await failureOf(call)).toMatchObject({ code: "CREDENTIAL_MISSING", sessionId: "ses_a" });
    expect(await failureOf(transport.execute({ provider, operation: look, input: { id: "1" } }))).toMatchObject({
      code: "CREDENTIAL_MISSING",
    });
  });
});
