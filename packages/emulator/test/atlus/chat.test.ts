import { describe, expect, it } from "vitest";
import { until, useServiceStage } from "../support/service-stage.js";

describe("ATLUS chat", () => {
  const stage = useServiceStage(({ atlus }) => atlus.baseUrl);
  const create = async (): Promise<string> => (await stage.api("POST", "/api/v1/sessions", {})).body.data.session_id;
  const chat = (message: unknown, fields: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    stage.api("POST", "/api/v1/chat", { message, ...fields }, headers);
  const said = async (...call: Parameters<typeof chat>): Promise<string> => (await chat(...call)).body.data.response;

  it("remembers what was said in the session, and only there", async () => {
    const [here, there] = [await create(), await create()];
    expect(await said("Hi, my name is John", { session_id: here })).toContain("John");
    expect(await said("What's my name?", { session_id: here })).toBe("Your name is John");
    expect(await said("What did I just say?", { session_id: here })).toBe('You said: "What\'s my name?"');
    expect(await said("What's my name?", { session_id: there })).toBe("I don't know your name yet.");
    const { data } = (await stage.api("GET", `/api/v1/sessions/${here}`)).body;
    expect(data.memory).toEqual({
      session_id: here,
      has_session_memory: true,
      has_working_memory: true,
      has_behavior_profile: true,
      conversation_turns: 3,
    });
  });

  it("keeps what a user asked to remember for the user, whoever owns the session", async () => {
    const [here, there] = [await create(), await create()];
    await said("Remember that I like tea", { session_id: here, user_id: "ada" });
    expect(await said("What do you know about me?", { session_id: there, user_id: "ada" })).toContain("I like tea");
    expect(await said("What do you know about me?", { session_id: there })).toBe("You asked me to remember nothing.");
  });

  it("answers with time, session and request id", async () => {
    const session = await create();
    stage.emulator.atlus.set({ chatMs: 1_234 });
    const reply = chat("Hello", { session_id: session }, { "x-request-id": "call-1" });
    await until(() => stage.emulator.atlus.chats.length === 1);
    expect(stage.emulator.atlus.chats).toMatchObject([{ requestId: "call-1", memoryKey: session, answer: null }]);
    stage.clock.advance(1_234);
    expect((await reply).body).toMatchObject({
      success: true,
      data: {
        response: "Hello! How can I help you today?",
        session_id: session,
        execution_time: 1.23,
        request_id: "call-1",
      },
    });
  });

  it.each([
    [{}, "missing", "Field required"],
    [{ message: "" }, "string_too_short", "String should have at least 1 character"],
    [{ message: " \n" }, "value_error", "Value error, message cannot be empty"],
    [{ message: 5 }, "string_type", "Input should be a valid string"],
    [{ message: "x".repeat(5_001) }, "string_too_long", "String should have at most 5000 characters"],
  ])("refuses %j as %s", async (body, type, message) => {
    const reply = await stage.api("POST", "/api/v1/chat", body);
    expect(reply).toMatchObject({ status: 400, body: { error: { code: "VALIDATION_ERROR" } } });
    expect(reply.body.error.details).toEqual([{ field: "message", message, type }]);
  });

  it("counts characters, not code units", async () => {
    expect((await chat("🙂".repeat(5_000))).status).toBe(200);
    expect((await chat("🙂".repeat(5_001))).status).toBe(400);
  });

  it("without a session is a temporary one, named by the request and known to nobody else", async () => {
    for (const session_id of [undefined, null, ""]) {
      const { data } = (await chat("Hello", { session_id })).body;
      expect(data.session_id).toBe(`req_${stage.clock.now()}`);
    }
    await said("My name is Ada", {}, { "x-request-id": "again" });
    expect(await said("What's my name?", {}, { "x-request-id": "again" })).toBe("Your name is Ada");
    expect((await stage.api("GET", "/api/v1/sessions/again")).body.error.code).toBe("SESSION_NOT_FOUND");
    expect((await chat("Hello", { session_id: "again" })).body.error).toMatchObject({
      code: "INVALID_SESSION",
      message: "Invalid or inactive session: again",
    });
  });

  it("lets a request id that is somebody's session id read that conversation", async () => {
    const session = await create();
    await said("My name is John", { session_id: session });
    expect(await said("What's my name?", {}, { "x-request-id": session })).toBe("Your name is John");
  });

  it("moves the activity when it begins and keeps the turn though the client went away", async () => {
    const session = await create();
    stage.emulator.atlus.set({ chatMs: 60_000 });
    const abort = new AbortController();
    const gone = fetch(`${stage.emulator.atlus.baseUrl}/api/v1/chat`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message: "Hello", session_id: session }),
      signal: abort.signal,
    }).catch((error: unknown) => error);
    stage.clock.advance(5_000);
    await until(() => stage.emulator.atlus.chats.length === 1);
    abort.abort();
    expect(await gone).toBeInstanceOf(Error);
    const read = async () => (await stage.api("GET", `/api/v1/sessions/${session}`)).body.data;
    expect(await read()).toMatchObject({
      last_activity: expect.stringMatching(/^2026-08-21T12:00:05/),
      memory: { conversation_turns: 0 },
    });
    stage.clock.advance(60_000);
    await until(() => stage.emulator.atlus.chats[0]?.answer !== null);
    expect((await read()).memory.conversation_turns).toBe(1);
  });

  it("takes ten at once in one session as ten turns", async () => {
    const session = await create();
    await Promise.all(Array.from({ length: 10 }, (_unused, index) => chat(`Number ${index}`, { session_id: session })));
    expect(stage.emulator.atlus.sessions[0]?.turns).toHaveLength(10);
  });

  it("cannot be told from a greeting while the model is down, and the turn is kept", async () => {
    const session = await create();
    stage.emulator.atlus.scenario("model-outage");
    expect(await said("What is two and two?", { session_id: session })).toBe("Hello! How can I help you today?");
    expect(stage.emulator.atlus.sessions[0]?.turns).toHaveLength(1);
  });

  it("waits for a person who plays the model", async () => {
    const { atlus } = stage.emulator;
    atlus.scenario("person-answers");
    const reply = chat("Who are you?", {}, { "x-request-id": "call-2" });
    await until(() => atlus.pendingChats.length === 1);
    expect(() => atlus.answer("nobody", "x")).toThrow("No chat nobody waits");
    atlus.answer("call-2", "A person.");
    expect((await reply).body.data.response).toBe("A person.");
    expect(atlus.pendingChats).toEqual([]);
  });

  it("is refused in an inactive session", async () => {
    const session = await create();
    stage.emulator.atlus.setActive(session, false);
    expect((await chat("Hello", { session_id: session })).body.error.code).toBe("INVALID_SESSION");
    expect((await stage.api("GET", `/api/v1/sessions/${session}`)).body.data.is_active).toBe(false);
    expect(() => stage.emulator.atlus.setActive("nobody", true)).toThrow("There is no session nobody");
  });
});
