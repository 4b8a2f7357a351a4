import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFailure } from "../src/failures.js";
import { account } from "../src/operations/account.js";
import { messages } from "../src/operations/messages.js";
import { sessions } from "../src/operations/sessions.js";
import { answered, fixture, thrown } from "./support/wire.js";

interface Case {
  readonly case: string;
  readonly status: number;
  readonly body: unknown;
  readonly credential: "session_key" | "personal_access_token";
  readonly code: string;
  readonly retryAfterMs?: number;
}

const cases = fixture("failures") as readonly Case[];
const operationOf = ({ credential }: Case) => (credential === "session_key" ? messages.send : sessions.list);

describe("reading failures", () => {
  it.each(cases)("reads the refusal for $case as $code", (one) => {
    const failure = readFailure(answered(one.status, one.body), operationOf(one));
    expect(failure).toMatchObject({ code: one.code, outcome: "rejected" });
    if (one.retryAfterMs !== undefined) expect(failure?.retryAfterMs).toBe(one.retryAfterMs);
  });

  it.each(cases.filter(({ status }) => status !== 401))("does not need the undocumented status for $case", (one) => {
    for (const status of [200, 400, 403, 409, 422, 500]) {
      // A throttle has no `success` key, so only its status tells that it is one.
      if (status === 200 && (one.body as { success?: boolean }).success !== false) continue;
      expect(readFailure(answered(status, one.body), operationOf(one))?.code).toBe(one.code);
    }
  });

  it("keeps the texts of the validation bag by field", () => {
    const bag = cases.find((one) => one.case === "validation") as Case;
    expect(readFailure(answered(422, bag.body), messages.send)?.fieldErrors).toEqual({
      to: ["The to field is required."],
      text: ["The text field is required when no media is present."],
    });
  });

  it("takes a 2xx without `success` for a success, and one with `success: false` for a refusal", () => {
    expect(readFailure(answered(200, { status: "connected" }), account.status)).toBeUndefined();
    expect(readFailure(answered(201, { data: {} }), sessions.create)).toBeUndefined();
    expect(readFailure(answered(204, undefined), sessions.remove)).toBeUndefined();
    expect(readFailure(answered(200, { success: false, error: "No." }), sessions.get)).toMatchObject({
      code: "PROVIDER_REJECTED",
      providerMessage: "No.",
    });
  });

  it("leaves the fate of a send open when its answer is a page, but not that of a repeatable call", () => {
    const page = answered(200, "<html>maintenance</html>");
    expect(readFailure(page, messages.send)).toEqual({ code: "RESPONSE_MALFORMED", outcome: "unknown" });
    expect(readFailure(page, sessions.get)).toEqual({ code: "RESPONSE_MALFORMED", outcome: "rejected" });
  });

  it("leaves other text to the decoder, as some successes need not be JSON", () => {
    expect(readFailure(answered(200, "OK"), account.authCheck)).toBeUndefined();
    expect(readFailure(answered(200, '{"success":tr'), messages.send)).toBeUndefined();
    expect(thrown(() => messages.send.decode(answered(200, '{"success":tr')))).toMatchObject({
      code: "RESPONSE_MALFORMED",
      outcome: "unknown",
    });
  });

  it("leaves the outcome of a 5xx open", () => {
    for (const status of [500, 502, 503, 504]) {
      const failure = readFailure(answered(status, "<html>Bad Gateway</html>"), messages.send);
      expect(failure).toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
      expect(failure?.outcome).toBeUndefined();
    }
  });

  it.each([
    [400, "PROVIDER_REJECTED"],
    [401, "CREDENTIAL_REJECTED"],
    [402, "SUBSCRIPTION_REQUIRED"],
    [403, "PERMISSION_DENIED"],
    [404, "REMOTE_NOT_FOUND"],
    [409, "PROVIDER_REJECTED"],
    [413, "INPUT_INVALID"],
    [415, "INPUT_INVALID"],
    [422, "INPUT_INVALID"],
    [429, "RATE_LIMITED"],
    [500, "PROVIDER_UNAVAILABLE"],
  ])("falls back to the status: %i is %s", (status, code) => {
    for (const body of [null, undefined, { success: false, error: "Something else." }])
      expect(readFailure(answered(status, body), messages.info)?.code).toBe(code);
  });

  it("keeps numbers, keys and tokens out of the provider's words", () => {
    const said = `No +1 555 010-0199 with ${"ab".repeat(32)} or 12|${"A".repeat(40)}`;
    const failure = readFailure(answered(400, { success: false, error: said, errors: { to: [said] } }), messages.send);
    const shown = JSON.stringify(failure);
    for (const canary of ["555", "abab", "AAAA"]) expect(shown).not.toContain(canary);
    expect(failure?.providerMessage).toBe("No [number] with [key] or [token]");
  });

  it("never throws, whatever the body and the status", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (status, body) => {
        readFailure(answered(status, body), messages.send);
      }),
    );
  });
});
