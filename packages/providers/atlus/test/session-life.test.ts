import { isColloquyError } from "@colloquy/core";
import { afterEach, describe, expect, it } from "vitest";
import { chatFate, chatMark } from "../src/index.js";
import { nextEvent, type Service, startService, until } from "./support/service.js";

let service: Service | undefined;

afterEach(async () => {
  await service?.close();
  service = undefined;
});

const say = (text: string) => ({ to: "atlus", text });

describe("a conversation over the wire", () => {
  it("sends questions and takes the answers in as messages, joined by the request's id", async () => {
    service = await startService();
    const { session, emulator } = service;
    const events = session.events({ types: ["message.received"] })[Symbol.asyncIterator]();
    const sent = await session.send(say("Hi, my name is John"));
    const first = await nextEvent(events, "message.received");
    expect(sent).toMatchObject({ status: "answered", providerMessageId: emulator.chats[0]?.requestId });
    expect(first.message).toMatchObject({
      providerMessageId: sent.providerMessageId,
      chatId: "atlus",
      from: { id: "atlus" },
      text: expect.stringContaining("John"),
    });
    await session.send(say("What's my name?"));
    expect((await nextEvent(events, "message.received")).message.text).toBe("Your name is John");
    expect(emulator.chats.map(({ userId }) => userId)).toEqual(["user_123", "user_123"]);
    expect(await session.close()).toBe("terminated");
    expect(emulator.sessions).toEqual([]);
  });

  it("does not keep an answer in the outbox, where it would stay for ever", async () => {
    service = await startService();
    await service.session.send(say("My name is Canary"));
    const [row] = await service.session.outbox();
    expect(row?.receipt).toEqual({ providerMessageId: expect.any(String), status: "answered" });
  });

  it("stores an answer that nobody reads yet", async () => {
    service = await startService();
    const { session, store } = service;
    await session.send({ ...say("Hello"), id: "msg_once" });
    await session.send({ ...say("Hello"), id: "msg_once" });
    const pending = await store.inbox.pending(session.id);
    expect(pending.map(({ event }) => event.type)).toEqual(["message.received"]);
  });

  it("asks one question at a time and keeps their order", async () => {
    service = await startService({ dials: { chatMs: 5 } });
    const { session, emulator } = service;
    const texts = ["one", "two", "three", "four", "five"];
    for await (const { state } of session.sendAll(texts.map(say))) expect(state).toBe("sent");
    await Promise.all(texts.map((message) => session.provider.chat.send({ message })));
    expect(emulator.chats.map(({ message }) => message)).toEqual([...texts, ...texts]);
    for (const [place, { startedAtMs }] of emulator.chats.entries())
      expect(startedAtMs).toBeGreaterThanOrEqual(emulator.chats[place - 1]?.answeredAtMs ?? 0);
  });

  it("reads the session while a chat is under way", async () => {
    service = await startService({ dials: { answeredBy: "person" } });
    const { session, emulator } = service;
    const sending = session.send(say("Think"));
    await until(() => emulator.pendingChats.length === 1);
    const { value } = await session.provider.sessions.get();
    expect(value.memory?.conversationTurns).toBe(0);
    emulator.answer(emulator.pendingChats[0]?.requestId ?? "", "Done.");
    await sending;
  });

  it("gives every call a fresh id that nobody could guess", async () => {
    service = await startService();
    const { session, colloquy, emulator } = service;
    for (const text of ["a", "b"]) await session.send(say(text));
    for (const message of ["c", "d"]) await colloquy.provider("atlus").chat.send({ message });
    const ids = emulator.requests.map(({ headers }) => headers["x-request-id"]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("keeps conversations without a session apart from each other", async () => {
    service = await startService();
    const { chat } = service.colloquy.provider("atlus");
    await chat.send({ message: "My name is Ada" });
    const { value } = await chat.send({ message: "What's my name?" });
    expect(value.text).toBe("I don't know your name yet.");
  });

  it("carries a token where one was given, and none otherwise", async () => {
    service = await startService({ tokens: ["pat-one"], provider: { personalAccessToken: () => "pat-one" } });
    await service.session.send(say("Hello"));
    expect(service.emulator.requests.map(({ headers }) => headers["authorization"])).toEqual(
      service.emulator.requests.map(() => "Bearer pat-one"),
    );
    await service.close();
    service = await startService();
    expect(service.emulator.requests.some(({ headers }) => "authorization" in headers)).toBe(false);
  });
});

describe("a bad day of the service", () => {
  it("that restarted knows its sessions again when one is looked at, as before each message", async () => {
    service = await startService();
    const { session, emulator, clock } = service;
    emulator.restart();
    const before = emulator.requests.length;
    const sending = [session.send(say("one")), session.send(say("two"))];
    await until(() => emulator.requests.slice(before).some(({ method }) => method === "GET"));
    // What was refused pauses before it leaves again.
    clock.shift(1_000);
    await Promise.all(sending);
    expect(emulator.requests.slice(before).map(({ method, status }) => `${method} ${status}`)).toEqual([
      "GET 200",
      "POST 200",
      "GET 200",
      "POST 200",
    ]);
    expect(emulator.chats.map(({ message }) => message)).toEqual(["one", "two"]);
  });

  it("that lost the session ends it as terminated", async () => {
    service = await startService();
    const { session, emulator, clock } = service;
    emulator.set({ sessionFile: "invalid" });
    emulator.restart();
    const sending = session.send(say("Anybody?")).catch((error: unknown) => error);
    await session.waitFor("terminated", { timeoutMs: 4_000 });
    clock.shift(1_000);
    expect(await sending).toMatchObject({ code: "REMOTE_NOT_FOUND", outcome: "not_attempted" });
  });

  it("that made the session inactive suspends it until it is resumed", async () => {
    service = await startService();
    const { session, emulator, clock } = service;
    emulator.setActive(session.remoteId ?? "", false);
    const sending = session.send(say("Hello")).catch((error: unknown) => error);
    await session.waitFor("suspended", { timeoutMs: 4_000 });
    clock.shift(1_000);
    expect(await sending).toMatchObject({ code: "SESSION_NOT_CONNECTED" });
    emulator.setActive(session.remoteId ?? "", true);
    await session.resume();
    await session.waitFor("connected", { timeoutMs: 4_000 });
    expect((await session.send(say("Hello again"))).status).toBe("answered");
  });

  it("that thinks too long leaves the fate of a chat open, and the count of turns tells it", async () => {
    service = await startService({ dials: { answeredBy: "person" }, provider: { chatTimeoutMs: 500 } });
    const { session, emulator } = service;
    const look = async () => chatMark((await session.provider.sessions.get()).value);
    const before = await look();
    const error: unknown = await session.send(say("Take your time")).catch((thrown: unknown) => thrown);
    expect(isColloquyError(error) && [error.code, error.outcome]).toEqual(["OUTCOME_UNKNOWN", "unknown"]);
    expect(emulator.chats).toHaveLength(1);
    expect(chatFate(before, await look())).toBe("under_way");
    emulator.answer(emulator.pendingChats[0]?.requestId ?? "", "At last.");
    await until(() => emulator.chats[0]?.answer !== null);
    expect(chatFate(before, await look())).toBe("answered");
    expect((await session.outbox())[0]?.state).toBe("unknown");
  });

  it("may take longer over a chat than over anything else", async () => {
    service = await startService({ dials: { chatMs: 60_000 } });
    const { session, emulator, clock } = service;
    const sending = session.send(say("Think hard"));
    await until(() => emulator.chats.length === 1);
    clock.shift(59_000);
    expect(emulator.chats[0]?.answer).toBeNull();
    clock.shift(2_000);
    expect((await sending).status).toBe("answered");
  });

  it("that throttles with a page is waited for, and nothing is asked twice", async () => {
    service = await startService({ dials: { limitsPerMinute: { chat: 2 } } });
    const { session, emulator, clock } = service;
    const texts = ["one", "two", "three"];
    const all = Promise.all(texts.map((text) => session.send(say(text))));
    await until(() => emulator.throttledCount === 1);
    await until(() => {
      clock.shift(1_000);
      return emulator.chats.length === 3;
    });
    await all;
    expect(emulator.chats.map(({ message }) => message)).toEqual(texts);
    expect(emulator.requests.filter(({ status }) => status === 500)).toHaveLength(emulator.throttledCount);
  });

  it("never sees more than its limit, however much is asked", async () => {
    service = await startService();
    const { session, emulator, clock, colloquy } = service;
    let done = 0;
    const all = Promise.all(
      Array.from({ length: 120 }, (_unused, index) =>
        colloquy
          .provider("atlus")
          .chat.send({ message: `Number ${index}` })
          .then(() => (done += 1)),
      ),
    );
    await until(() => done === 100);
    expect(emulator.throttledCount).toBe(0);
    await until(() => {
      clock.shift(1_000);
      return done === 120;
    });
    await all;
    expect(emulator.throttledCount).toBe(0);
    expect(session.rateLimits().find(({ bucket }) => bucket === "chat")).toMatchObject({ limit: 100, refusals: 0 });
  });

  it("costs nothing on the wire when a question is cancelled before it leaves", async () => {
    service = await startService({ dials: { answeredBy: "person" } });
    const { session, emulator } = service;
    const first = session.send(say("one"));
    await until(() => emulator.pendingChats.length === 1);
    const abort = new AbortController();
    const second = session.send(say("two"), { signal: abort.signal });
    abort.abort();
    await expect(second).rejects.toThrow(/abort/i);
    emulator.answer(emulator.pendingChats[0]?.requestId ?? "", "Yes.");
    await first;
    expect(emulator.chats).toHaveLength(1);
  });
});
