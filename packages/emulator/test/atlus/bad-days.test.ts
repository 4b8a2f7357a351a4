import { describe, expect, it } from "vitest";
import { until, useServiceStage } from "../support/service-stage.js";

describe("a restart of ATLUS", () => {
  const stage = useServiceStage(({ atlus }) => atlus.baseUrl);
  const create = async (): Promise<string> => (await stage.api("POST", "/api/v1/sessions", {})).body.data.session_id;
  const chat = (message: string, session_id: string) => stage.api("POST", "/api/v1/chat", { message, session_id });

  it("makes good sessions invalid until any of them is looked up, and empties the memory", async () => {
    const { atlus } = stage.emulator;
    const [session, other] = [await create(), await create()];
    await chat("My name is John", session);
    atlus.restart();
    expect(atlus.sessions[0]).toMatchObject({ isLoaded: false, turns: null });
    expect((await chat("What's my name?", session)).body.error.code).toBe("INVALID_SESSION");
    expect((await stage.api("GET", `/api/v1/sessions/${other}`)).body.data.memory).toEqual({
      session_id: other,
      has_session_memory: false,
      has_working_memory: false,
      has_behavior_profile: false,
    });
    expect((await chat("What's my name?", session)).body.data.response).toBe("I don't know your name yet.");
  });

  it("cuts off chats that wait, and is no answer to those that think", async () => {
    const { atlus } = stage.emulator;
    const session = await create();
    atlus.set({ answeredBy: "person" });
    const waiting = chat("Hello", session).catch((error: unknown) => error);
    await until(() => atlus.pendingChats.length === 1);
    atlus.set({ answeredBy: "model", chatMs: 1_000 });
    const thinking = chat("Hello again", session).catch((error: unknown) => error);
    await until(() => atlus.chats.length === 2);
    atlus.restart();
    stage.clock.advance(1_000);
    expect(await waiting).toBeInstanceOf(Error);
    expect(await thinking).toBeInstanceOf(Error);
    expect(atlus.chats.map(({ answer }) => answer)).toEqual([null, null]);
  });

  it("drops every session when the file is no JSON", async () => {
    const session = await create();
    stage.emulator.atlus.scenario("sessions-dropped");
    expect((await chat("Hello", session)).status).toBe(200);
    expect(stage.emulator.atlus).toMatchObject({ restartCount: 1, sessions: [] });
    expect((await stage.api("GET", `/api/v1/sessions/${session}`)).status).toBe(404);
  });

  it("comes once after as many answers as the weather says", async () => {
    const session = await create();
    stage.emulator.atlus.set({ restartAfterChats: 2 });
    await chat("One", session);
    expect(stage.emulator.atlus.restartCount).toBe(0);
    await chat("Two", session);
    expect(stage.emulator.atlus.restartCount).toBe(1);
    await stage.api("GET", `/api/v1/sessions/${session}`);
    await chat("Three", session);
    expect(stage.emulator.atlus.restartCount).toBe(1);
  });
});

describe("the limits of ATLUS", () => {
  const stage = useServiceStage(({ atlus }) => atlus.baseUrl);

  it("let fifty sessions be made in a minute, and show a page with 500 to the next", async () => {
    for (let count = 0; count < 50; count++) expect((await stage.api("POST", "/api/v1/sessions", {})).status).toBe(201);
    const { status, text, headers } = await stage.api("POST", "/api/v1/sessions", {});
    expect(status).toBe(500);
    expect(headers.get("content-type")).toContain("text/html");
    expect(text).toContain("<title>500 Internal Server Error</title>");
    expect(headers.get("retry-after")).toBeNull();
    expect(stage.emulator.atlus.throttledCount).toBe(1);
    expect((await stage.api("GET", "/api/v1/sessions/continue")).status).toBe(200);
    stage.clock.advance(60_000);
    expect((await stage.api("POST", "/api/v1/sessions", {})).status).toBe(201);
  });

  it("count invalid requests too", async () => {
    for (let count = 0; count < 100; count++) expect((await stage.api("POST", "/api/v1/chat", {})).status).toBe(400);
    expect((await stage.api("POST", "/api/v1/chat", {})).status).toBe(500);
  });

  it("can answer with the 429 that was meant", async () => {
    stage.emulator.atlus.set({ throttledAs: "json429", limitsPerMinute: { get: 1 } });
    await stage.api("GET", "/api/v1/sessions/x");
    expect(await stage.api("GET", "/api/v1/sessions/x")).toMatchObject({
      status: 429,
      body: { error: { code: "RATE_LIMIT_EXCEEDED" } },
    });
  });
});

describe("faults of ATLUS", () => {
  const stage = useServiceStage(({ atlus }) => atlus.baseUrl);
  const chat = () => stage.api("POST", "/api/v1/chat", { message: "Hello" });

  it("lose the answer of a chat that was taken", async () => {
    stage.emulator.atlus.scenario("answer-lost");
    await expect(chat()).rejects.toThrow("fetch failed");
    expect(stage.emulator.atlus.chats).toHaveLength(1);
    expect(stage.emulator.atlus.requests).toMatchObject([{ status: null, fault: "drop_after" }]);
    expect((await chat()).status).toBe(200);
  });

  it.each([
    [{ droppedRate: 1 }, undefined, 0],
    [{ lostAnswerRate: 1 }, undefined, 1],
    [{ error503Rate: 1 }, 503, 0],
    [{ html502Rate: 1 }, 502, 0],
    [{ garbledJsonRate: 1 }, 200, 1],
  ])("follow the rates of %j", async (dials, status, taken) => {
    stage.emulator.atlus.set(dials);
    const reply = await chat().catch(() => undefined);
    expect(reply?.status).toBe(status);
    expect(reply?.body).toEqual(status === 503 ? { message: "HTTP 503" } : undefined);
    expect(stage.emulator.atlus.chats).toHaveLength(taken);
  });

  it("can be planned in every kind", async () => {
    const met: unknown[] = [];
    for (const fault of [
      { kind: "status", status: 418, body: { teapot: true }, processed: true },
      { kind: "redirect", location: "http://127.0.0.1:1/" },
      { kind: "null_body" },
      { kind: "truncated_json" },
      { kind: "huge_body", bytes: 1_000 },
    ] as const) {
      stage.emulator.atlus.set({ failNext: [{ match: { method: "POST", path: "/chat" }, fault }] });
      const reply = await chat().catch(() => undefined);
      met.push(reply && (reply.body === undefined ? reply.status : Object.keys(reply.body ?? { null: 1 })));
    }
    expect(met).toEqual([["teapot"], undefined, ["null"], 200, ["data", "success"].toReversed()]);
  });

  it("delay an answer, and leave a socket hanging until the emulator closes", async () => {
    stage.emulator.atlus.set({ latencyMs: 500, failNext: [{ match: {}, fault: { kind: "hang" } }] });
    const hanging = chat().catch((error: unknown) => error);
    await until(() => stage.emulator.atlus.requests.length === 1);
    const late = chat();
    await until(() => stage.emulator.atlus.requests.length === 2);
    // The request's body may still be on its way when the clock moves, so it moves until the answer is there.
    await until(() => {
      stage.clock.advance(500);
      return stage.emulator.atlus.requests[1]?.status === 200;
    });
    expect((await late).status).toBe(200);
    await stage.emulator.close();
    expect(await hanging).toBeInstanceOf(Error);
  });

  it("refuse dials and scenarios that do not exist, and forget everything on reset", async () => {
    const { atlus } = stage.emulator;
    expect(() => atlus.set({ wind: 3 } as never)).toThrow(TypeError);
    expect(() => atlus.scenario("storm")).toThrow(/No scenario "storm"/);
    const first = (await stage.api("POST", "/api/v1/sessions", {})).body.data.session_id;
    atlus.set({ chatMs: 5 });
    atlus.reset();
    expect(atlus).toMatchObject({ sessions: [], chats: [], requests: [], throttledCount: 0, scenarioName: "calm" });
    expect(atlus.dials.chatMs).toBe(0);
    expect((await stage.api("POST", "/api/v1/sessions", {})).body.data.session_id).toBe(first);
  });
});
