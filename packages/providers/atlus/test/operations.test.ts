import { atlusRoutes } from "@colloquy/emulator";
import { describe, expect, it } from "vitest";
import { atlus } from "../src/index.js";
import { operationsOf } from "../src/operations.js";
import { answered, chatAnswer, sessionAnswer, thrown } from "./support/wire.js";

const { chat, sessions, service } = operationsOf(1_000);
const context = { requestId: "call-1" };
const onSession = { ...context, remoteId: "session_own" };
const canary = "canary text";

describe("the operations", () => {
  it("reach every route that the emulator serves, and no other", () => {
    const own = Object.values(atlus().operations).flatMap((verbs) =>
      Object.values(verbs).map(({ method, path }) => `${method} ${path.replace("{sessionId}", ":id")}`),
    );
    expect(own.toSorted()).toEqual(atlusRoutes.map(({ method, path }) => `${method} ${path}`).toSorted());
  });

  it("make a session with what was given and nothing else", () => {
    expect(sessions.create.encode({}, context)).toEqual({
      headers: { "X-Request-ID": "call-1" },
      body: { kind: "json", value: {} },
    });
    expect(sessions.create.encode({ userId: "u", metadata: { a: 1 } }, {}).body).toEqual({
      kind: "json",
      value: { user_id: "u", metadata: { a: 1 } },
    });
    for (const input of [{ userId: " " }, { userId: null }, { metadata: [] }])
      expect(thrown(() => sessions.create.encode(input as never, context)).code).toBe("INPUT_INVALID");
  });

  it("read a session with times to the millisecond, and leave out what is not there", () => {
    const session = sessions.get.decode(
      sessionAnswer({ memory: { session_id: "x", has_session_memory: true, conversation_turns: 5 } }),
    );
    expect(session).toMatchObject({
      sessionId: "session_0123456789abcdef",
      userId: "user_123",
      createdAtMs: Date.parse("2026-11-21T11:00:00.123Z"),
      lastActivityAtMs: Date.parse("2026-11-21T11:30:00Z"),
      isActive: true,
      memory: { hasSessionMemory: true, conversationTurns: 5 },
    });
    expect(session).not.toHaveProperty("metadata");
    expect(sessions.get.decode(sessionAnswer({ memory: {}, metadata: { a: 1 }, created_at: "soon" }))).toMatchObject({
      memory: {},
      metadata: { a: 1 },
    });
  });

  it("name the handle's own session and refuse another one", () => {
    expect(sessions.get.encode({}, onSession).params).toEqual({ sessionId: "session_own" });
    expect(sessions.remove.encode({ sessionId: "session_x" }, context).params).toEqual({ sessionId: "session_x" });
    for (const [input, where] of [
      [{ sessionId: "session_other" }, onSession],
      [{}, context],
      [{ sessionId: " " }, context],
      // It would be another route, which answers with somebody's session.
      [{ sessionId: "continue" }, context],
    ] as const)
      expect(thrown(() => sessions.get.encode(input, where)).fieldErrors).toHaveProperty("sessionId");
  });

  it("tell that a session was deleted, whatever else the answer says", () => {
    const body = { success: true, message: "Session deleted successfully", session_id: "session_x" };
    expect(sessions.remove.decode(answered(200, body))).toEqual({
      sessionId: "session_x",
      message: "Session deleted successfully",
    });
    expect(sessions.remove.decode(answered(200, { success: true }))).toEqual({});
    expect(thrown(() => sessions.remove.decode(answered(200, {}))).code).toBe("RESPONSE_MALFORMED");
  });

  it("find the last session of a user, or of the default one", () => {
    expect(sessions.continue.encode({ userId: "ada" }, context).query).toEqual({ user_id: "ada" });
    expect(sessions.continue.encode({}, context).query).toEqual({ user_id: undefined });
    expect(sessions.continue.decode(sessionAnswer()).sessionId).toBe("session_0123456789abcdef");
    expect(thrown(() => sessions.continue.encode({ userId: "" }, context)).code).toBe("INPUT_INVALID");
  });

  it("ask in the handle's session, or in none", () => {
    expect(chat.send.encode({ message: "Hello", userId: "u", metadata: { a: 1 } }, onSession)).toEqual({
      headers: { "X-Request-ID": "call-1" },
      body: { kind: "json", value: { message: "Hello", session_id: "session_own", user_id: "u", metadata: { a: 1 } } },
    });
    expect(chat.send.encode({ message: "Hello" }, {}).body).toEqual({ kind: "json", value: { message: "Hello" } });
    expect(chat.send).toMatchObject({ repeatable: "never", maxConcurrentPerSession: 1, attemptTimeoutMs: 1_000 });
  });

  it.each([undefined, "", " \n", 7, "x".repeat(5_001), "🙂".repeat(5_001)])(
    "refuse what cannot be asked",
    (message) => {
      const error = thrown(() => chat.send.encode({ message } as never, context));
      expect(error.fieldErrors).toHaveProperty("message");
    },
  );

  it("take 5,000 characters, however many code units they are", () => {
    expect(() => chat.send.encode({ message: "🙂".repeat(5_000) }, context)).not.toThrow();
  });

  it("read an answer with its id and time", () => {
    expect(chat.send.decode(chatAnswer("Your name is John"))).toEqual({
      providerMessageId: "call-1",
      status: "answered",
      text: "Your name is John",
      sessionId: "session_0123456789abcdef",
      executionTimeMs: 1_230,
      answeredAtMs: Date.parse("2026-11-21T12:00:00.500Z"),
    });
    expect(chat.send.decode(answered(200, { data: { response: "", request_id: "r" } }))).toEqual({
      providerMessageId: "r",
      status: "answered",
      text: "",
    });
  });

  it("name what is missing in an answer, never what stands there", () => {
    const error = thrown(() => chat.send.decode(answered(200, { data: { response: canary } })));
    expect(error.message).toContain("data.request_id");
    expect(error.message).not.toContain(canary);
    for (const body of [undefined, "text"])
      expect(thrown(() => chat.send.decode(answered(200, body))).code).toBe("RESPONSE_MALFORMED");
  });

  it("tell how the service is and what it says of itself", () => {
    expect(service.health.decode(answered(200, { status: "Healthy", service: "atlus-api" }))).toEqual({
      status: "healthy",
      service: "atlus-api",
    });
    expect(service.health.encode({}, context)).toEqual({ headers: { "X-Request-ID": "call-1" } });
    for (const { decode } of [service.info, service.docs]) expect(decode(answered(200, { a: 1 }))).toEqual({ a: 1 });
    expect(thrown(() => service.health.decode(answered(200, {}))).code).toBe("RESPONSE_MALFORMED");
  });
});
