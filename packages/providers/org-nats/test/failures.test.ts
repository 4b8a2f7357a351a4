import { describe, expect, it } from "vitest";
import { readFailure } from "../src/failures.js";
import { operations } from "../src/operations.js";
import { answered, page } from "./support/wire.js";

const { sessions, messages, responses, documented } = operations;
const envelope = (error: string) => ({ success: false, error });
const nested = (error: string) => ({ error: { error, success: false } });
const repr = (error: string) => ({ status: "error", message: `{'error': '${error}'}` });

describe("a failure", () => {
  it.each([
    ["an unknown session", sessions.get, 404, envelope("No document found"), "REMOTE_NOT_FOUND", "rejected"],
    [
      "an unknown session, as Python shows it",
      responses.give,
      500,
      repr("Session not found: No document found"),
      "REMOTE_NOT_FOUND",
      "rejected",
    ],
    [
      "an unknown session, in JSON as text",
      responses.give,
      500,
      envelope('{"message":"{\'error\': \'Session not found: No document found\'}","status":"error"}\n'),
      "REMOTE_NOT_FOUND",
      "rejected",
    ],
    ["an answer given twice", responses.give, 500, repr("Failed to update session"), "PROVIDER_REJECTED", "rejected"],
    [
      "a missing field",
      messages.send,
      400,
      { error: "Missing 'channel_id' or 'message'" },
      "INPUT_INVALID",
      "rejected",
    ],
    ["a list", sessions.create, 500, envelope("'list' object has no attribute 'get'"), "INPUT_INVALID", "rejected"],
    ["an id that is taken", documented.create, 409, envelope("Session s exists already"), "INPUT_INVALID", "rejected"],
    [
      "the route that always fails",
      documented.expireDue,
      500,
      { error: "'ExpiryScheduler' object has no attribute 'expire_sessions'" },
      "PROVIDER_REJECTED",
      "rejected",
    ],
    ["a channel that is none", messages.send, 500, nested("Channel nobody not found"), "PROVIDER_REJECTED", "rejected"],
    [
      "a channel without an endpoint",
      messages.send,
      500,
      nested("Channel metadata missing 'endpoint_url'"),
      "PROVIDER_REJECTED",
      "rejected",
    ],
    [
      "an endpoint that is down",
      messages.send,
      500,
      nested("HTTPConnectionPool(host='h'): Max retries exceeded (Caused by: Connection refused)"),
      "PROVIDER_UNAVAILABLE",
      "rejected",
    ],
    [
      "a human with a plain text",
      messages.send,
      500,
      nested("Expecting value: line 1"),
      "PROVIDER_UNAVAILABLE",
      "unknown",
    ],
    ["a slow human", messages.send, 500, nested("Read timed out. (read timeout=5)"), "PROVIDER_UNAVAILABLE", "unknown"],
    ["a database's no", sessions.query, 400, envelope("unknown operator: $x"), "INPUT_INVALID", "rejected"],
    ["a gateway's no", sessions.get, 401, { error: "no token" }, "CREDENTIAL_REJECTED", "rejected"],
    ["a gateway's limit", sessions.get, 429, undefined, "RATE_LIMITED", "rejected"],
    ["a redirect", sessions.get, 302, undefined, "REDIRECT_REFUSED", undefined],
  ] as const)("is read from %s", (_what, operation, status, body, code, outcome) => {
    expect(readFailure(answered(status, body), operation)).toMatchObject({ code, ...(outcome ? { outcome } : {}) });
  });

  it("is read from pages, too", () => {
    expect(readFailure(page(404, "Not Found"), sessions.get)).toMatchObject({
      code: "RESPONSE_MALFORMED",
      outcome: "rejected",
      userAction: expect.stringContaining("base URL") as string,
    });
    expect(readFailure(page(404, "Not Found"), documented.reject)?.userAction).toContain("`sessions`");
    expect(readFailure(page(415, "Unsupported Media Type"), messages.send)?.code).toBe("INPUT_INVALID");
    expect(readFailure(page(500, "Internal Server Error"), responses.give)).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      outcome: "unknown",
    });
    expect(readFailure(page(200, "Welcome"), messages.send)).toEqual({
      code: "RESPONSE_MALFORMED",
      outcome: "unknown",
    });
  });

  it("names the fields of an answer that does not fit, and masks what was answered", () => {
    const errors = {
      code: "Value 'canary' does not match pattern 'a'",
      list: "Item at index 0 with value 'canary' does not x",
    };
    const failure = readFailure(answered(422, { status: "invalid", errors }), responses.validate);
    expect(failure).toMatchObject({ code: "INPUT_INVALID", outcome: "rejected" });
    expect(Object.keys(failure?.fieldErrors ?? {})).toEqual(["code", "list"]);
    expect(JSON.stringify(failure)).not.toContain("canary");
  });

  it("repeats no address and no channel", () => {
    const said = nested("Channel canary-channel not found at http://canary.example/human");
    expect(JSON.stringify(readFailure(answered(500, said), messages.send))).not.toContain("canary");
  });

  it("is none for a success", () => {
    expect(readFailure(answered(200, { status: "message_sent" }), messages.send)).toBeUndefined();
    expect(readFailure(answered(201, { success: true, data: {} }), sessions.create)).toBeUndefined();
  });
});
