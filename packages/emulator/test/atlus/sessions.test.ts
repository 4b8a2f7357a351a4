import { describe, expect, it } from "vitest";
import { atlusRoutes } from "../../src/index.js";
import { useServiceStage } from "../support/service-stage.js";

describe("ATLUS sessions", () => {
  const stage = useServiceStage(({ atlus }) => atlus.baseUrl);

  it("are made with the documented envelope, an id of 16 hexadecimal digits and microseconds", async () => {
    const { status, body, text, headers } = await stage.api("POST", "/api/v1/sessions", {
      user_id: "user_123",
      metadata: { source: "web", app: { z: 1, a: 2 } },
      unknown: true,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      success: true,
      data: { user_id: "user_123", metadata: { source: "web", app: { z: 1, a: 2 } } },
    });
    expect(body.data.session_id).toMatch(/^session_[0-9a-f]{16}$/);
    expect(body.data.created_at).toMatch(/^2026-08-21T12:00:00\.\d{6}Z$/);
    expect(text).toContain('"metadata":{"app":{"a":2,"z":1},"source":"web"}');
    expect(text.indexOf('"data"')).toBeLessThan(text.indexOf('"success"'));
    expect(headers.get("x-response-time")).toBe("0.000s");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("x-request-id")).toBeNull();
  });

  it("belong to the default user when nobody is named, and null fails only after the session was stored", async () => {
    expect((await stage.api("POST", "/api/v1/sessions", {})).body.data).toMatchObject({
      user_id: "default_user",
      metadata: null,
    });
    const failed = await stage.api("POST", "/api/v1/sessions", { user_id: null });
    expect(failed).toMatchObject({ status: 500, body: { error: { code: "INTERNAL_ERROR", status: 500 } } });
    expect(stage.emulator.atlus.sessions).toHaveLength(2);
  });

  it("are read with their memory, found as the last used one, and deleted without a data key", async () => {
    const first = (await stage.api("POST", "/api/v1/sessions", { user_id: "ada" })).body.data.session_id;
    stage.clock.advance(1_000);
    const second = (await stage.api("POST", "/api/v1/sessions", { user_id: "ada" })).body.data.session_id;
    stage.clock.advance(1_000);
    await stage.api("POST", "/api/v1/chat", { message: "Hello", session_id: first });
    const { body } = await stage.api("GET", `/api/v1/sessions/${first}`);
    expect(body.data).toMatchObject({ is_active: true, memory: { session_id: first, conversation_turns: 1 } });
    const last = await stage.api("GET", "/api/v1/sessions/continue?user_id=ada");
    expect(last.body.data.session_id).toBe(first);
    expect(last.body.data.memory).toBeUndefined();
    expect((await stage.api("DELETE", `/api/v1/sessions/${first}`)).body).toEqual({
      success: true,
      message: "Session deleted successfully",
      session_id: first,
      timestamp: expect.stringMatching(/Z$/),
    });
    expect((await stage.api("GET", "/api/v1/sessions/continue?user_id=ada")).body.data.session_id).toBe(second);
    expect(await stage.api("GET", `/api/v1/sessions/${first}`)).toMatchObject({
      status: 404,
      body: { success: false, error: { code: "SESSION_NOT_FOUND", message: `Session ${first} not found` } },
    });
    expect((await stage.api("GET", "/api/v1/sessions/continue?user_id=eve")).body.error.code).toBe("NO_SESSION_FOUND");
  });

  it.each([
    ["no body", undefined, {}, "INVALID_CONTENT_TYPE", 400],
    ["another type", "x", { "content-type": "text/plain" }, "INVALID_CONTENT_TYPE", 400],
    ["broken JSON", "{", {}, "INVALID_JSON", 400],
    ["null", "null", {}, "INVALID_JSON", 400],
    ["a list", [], {}, "INTERNAL_ERROR", 500],
  ] as const)("are refused for %s", async (_what, body, headers, code, status) => {
    const reply = await stage.api("POST", "/api/v1/sessions", body, { "x-request-id": "mine", ...headers });
    expect(reply).toMatchObject({ status, body: { error: { code }, request_id: "mine" } });
  });

  it("are refused with every wrong field", async () => {
    const { body } = await stage.api("POST", "/api/v1/sessions", { user_id: 7, metadata: [] });
    expect(body.error).toMatchObject({
      code: "VALIDATION_ERROR",
      message: "Validation failed",
      details: [
        { field: "user_id", message: "Input should be a valid string", type: "string_type" },
        { field: "metadata", message: "Input should be a valid dictionary", type: "dict_type" },
      ],
    });
  });

  it("are lost right after their answer when the weather says so", async () => {
    stage.emulator.atlus.scenario("lost-sessions");
    const { status, body } = await stage.api("POST", "/api/v1/sessions", {});
    expect(status).toBe(201);
    expect((await stage.api("GET", `/api/v1/sessions/${body.data.session_id}`)).status).toBe(404);
  });
});

describe("the other routes of ATLUS", () => {
  const stage = useServiceStage(({ atlus }) => atlus.baseUrl);

  it("tell health without an envelope and in whole seconds, and what there is", async () => {
    expect((await stage.api("GET", "/api/v1/health")).body).toEqual({
      service: "atlus-api",
      status: "healthy",
      timestamp: "2026-08-21T12:00:00Z",
    });
    for (const path of ["/", "/api/v1/docs"]) expect((await stage.api("GET", path)).body.service).toBe("ATLUS API");
    expect(atlusRoutes).toHaveLength(8);
  });

  it("refuse unknown routes and methods without a request id, and let no browser delete", async () => {
    expect((await stage.api("GET", "/api/v1/nothing")).body).toMatchObject({ error: { code: "NOT_FOUND" } });
    const wrong = await stage.api("PUT", "/api/v1/chat", {});
    expect(wrong).toMatchObject({ status: 405, body: { error: { code: "METHOD_NOT_ALLOWED" } } });
    expect(wrong.body.request_id).toBeUndefined();
    const preflight = (wanted: string) =>
      stage.api("OPTIONS", "/api/v1/sessions/x", undefined, { "access-control-request-method": wanted });
    expect((await preflight("GET")).headers.get("access-control-allow-methods")).toContain("GET");
    expect((await preflight("DELETE")).headers.get("access-control-allow-methods")).toBeNull();
  });

  it("know no token unless the options name one", async () => {
    expect(stage.emulator.atlus.personalAccessToken).toBeUndefined();
    expect((await stage.api("GET", "/api/v1/health", undefined, { authorization: "Bearer x" })).status).toBe(200);
  });
});

describe("ATLUS behind a gateway", () => {
  const stage = useServiceStage(({ atlus }) => atlus.baseUrl, { atlus: { personalAccessTokens: ["pat-one"] } });

  it("takes the token, and no other, until it is revoked", async () => {
    const health = (authorization: string) => stage.api("GET", "/api/v1/health", undefined, { authorization });
    expect((await health("Bearer pat-one")).status).toBe(200);
    expect((await health("Bearer pat-two")).status).toBe(401);
    expect((await stage.api("POST", "/api/v1/sessions", {})).status).toBe(401);
    stage.emulator.atlus.scenario("token-revoked");
    expect((await health("Bearer pat-one")).status).toBe(401);
  });
});
