import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knownCodes } from "../src/error-codes.js";
import { readFailure } from "../src/failures.js";
import { operationsOf } from "../src/operations.js";
import { answered, refused, throttlePage } from "./support/wire.js";

const { chat, sessions, service } = operationsOf(1_000);

describe("reading failures", () => {
  it.each([
    [400, "INVALID_CONTENT_TYPE", "INPUT_INVALID", "rejected"],
    [400, "INVALID_JSON", "INPUT_INVALID", "rejected"],
    [400, "VALIDATION_ERROR", "INPUT_INVALID", "rejected"],
    [400, "INVALID_REQUEST", "INPUT_INVALID", "rejected"],
    [400, "MESSAGE_TOO_LONG", "MESSAGE_TOO_LONG", "rejected"],
    [404, "SESSION_NOT_FOUND", "REMOTE_NOT_FOUND", "rejected"],
    [404, "NO_SESSION_FOUND", "REMOTE_NOT_FOUND", "rejected"],
    [404, "INVALID_SESSION", "SESSION_NOT_CONNECTED", "rejected"],
    [404, "NOT_FOUND", "RESPONSE_MALFORMED", "rejected"],
    [405, "METHOD_NOT_ALLOWED", "RESPONSE_MALFORMED", "rejected"],
    [429, "RATE_LIMIT_EXCEEDED", "RATE_LIMITED", "rejected"],
    [500, "INTERNAL_ERROR", "PROVIDER_UNAVAILABLE", "unknown"],
  ])("reads %i %s as %s", (status, providerCode, code, outcome) => {
    expect(readFailure(refused(status, providerCode, "No."), chat.send)).toMatchObject({ code, outcome, providerCode });
    expect(Object.keys(knownCodes)).toContain(providerCode);
  });

  it("takes the page of a handler that failed for the limit, on routes that have one", () => {
    expect(readFailure(throttlePage, chat.send)).toMatchObject({ code: "RATE_LIMITED", outcome: "rejected" });
    expect(readFailure({ ...throttlePage, headers: { "retry-after": "7" } }, sessions.get)?.retryAfterMs).toBe(7_000);
    expect(readFailure(throttlePage, service.health)).toEqual({ code: "PROVIDER_UNAVAILABLE" });
  });

  it.each([
    [
      500,
      "<html>\r\n<head><title>500 Internal Server Error</title></head>\r\n<body><center>nginx</center></body></html>",
    ],
    [502, throttlePage.text],
    [500, "Internal Server Error"],
    [504, undefined],
  ])("leaves the fate open for any other %i", (status, body) => {
    const failure = readFailure(answered(status, body), chat.send);
    expect(failure).toEqual({ code: "PROVIDER_UNAVAILABLE" });
  });

  it.each([
    [401, "CREDENTIAL_REJECTED"],
    [402, "SUBSCRIPTION_REQUIRED"],
    [403, "PERMISSION_DENIED"],
    [404, "RESPONSE_MALFORMED"],
    [405, "RESPONSE_MALFORMED"],
    [409, "PROVIDER_REJECTED"],
    [413, "INPUT_INVALID"],
    [429, "RATE_LIMITED"],
    [302, "REDIRECT_REFUSED"],
  ])("reads a gateway's %i as %s", (status, code) => {
    expect(readFailure(answered(status, { message: "No." }), chat.send)?.code).toBe(code);
  });

  it("takes a 2xx for a success unless it says otherwise or is a page", () => {
    expect(readFailure(answered(200, { success: true }), chat.send)).toBeUndefined();
    expect(readFailure(answered(200, { status: "healthy" }), service.health)).toBeUndefined();
    expect(readFailure(answered(200, { success: false }), chat.send)).toMatchObject({ code: "PROVIDER_REJECTED" });
    expect(readFailure(answered(200, "<html>"), chat.send)).toEqual({ code: "RESPONSE_MALFORMED", outcome: "unknown" });
    expect(readFailure(answered(200, "<html>"), sessions.get)).toEqual({
      code: "RESPONSE_MALFORMED",
      outcome: "rejected",
    });
  });

  it("names the fields that the schema found, and no prototype", () => {
    const details = [
      { field: "message", message: "Field required", type: "missing" },
      { field: "message", message: "Again", type: "x" },
      { field: "__proto__", message: "evil", type: "x" },
      { field: 7 },
      null,
    ];
    const failure = readFailure(refused(400, "VALIDATION_ERROR", "Validation failed", { details }), chat.send);
    expect(failure?.fieldErrors).toEqual({ message: ["Field required", "Again"] });
  });

  it("keeps session ids and user names out of the service's words", () => {
    for (const said of [
      "Session session_0123456789abcdef not found",
      "Invalid or inactive session: 3f0c-canary",
      "No active session found for user: canary@example.org",
      "Session canary-id not found",
    ]) {
      const failure = readFailure(refused(404, "SESSION_NOT_FOUND", said), sessions.get);
      expect(failure?.providerMessage).not.toMatch(/0123456789abcdef|canary/);
    }
  });

  it("never throws, whatever the body and the status", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (status, body) => {
        readFailure(answered(status, body), chat.send);
      }),
    );
  });
});
