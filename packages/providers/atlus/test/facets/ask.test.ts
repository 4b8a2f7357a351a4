import { createColloquy } from "@colloquy/core";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { atlus } from "../../src/index.js";
import { type Service, startService, until } from "../support/service.js";

let service: Service | undefined;

afterEach(async () => {
  await service?.close();
  service = undefined;
});

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: { code: string }) => error.code,
  );

describe("a question to ATLUS", () => {
  it("is answered by the reply, with what was said before in mind, and typed by a schema", async () => {
    service = await startService();
    const { session } = service;
    await (await session.ask("My name is John")).answer;
    const ask = await session.ask({ text: "What's my name?", schema: z.string().transform((said) => said.split(" ")) });
    expect((await ask.answer).at(-1)).toBe("John");
    expect(await ask.outcome).toMatchObject({ state: "answered", answeredBy: "atlus" });
  });

  it("keeps its order among questions and messages, one chat at a time", async () => {
    service = await startService({ dials: { chatMs: 5 } });
    const { session, emulator } = service;
    const asked = (text: string): Promise<unknown> => session.ask(text).then(({ answer }) => answer);
    const sent = (text: string): Promise<unknown> => session.send({ to: "atlus", text });
    await Promise.all([sent("1"), asked("2"), asked("3"), sent("4"), sent("5"), asked("6")]);
    expect(emulator.chats.map(({ message }) => message)).toEqual(["1", "2", "3", "4", "5", "6"]);
    for (const [place, { startedAtMs }] of emulator.chats.entries())
      expect(startedAtMs).toBeGreaterThanOrEqual(emulator.chats[place - 1]?.answeredAtMs ?? 0);
  });

  it.each([{ text: "Hello", to: "somebody" }, { text: "x".repeat(5_001) }, { text: "Hello", details: { loud: true } }])(
    "is refused before anything is sent: %#",
    async (options) => {
      service = await startService();
      expect(await codeOf(service.session.ask(options))).toBe("INPUT_INVALID");
      expect(service.emulator.chats).toEqual([]);
    },
  );

  it("whose reply was lost is held as unknown and not asked again", async () => {
    service = await startService();
    const { session, emulator } = service;
    emulator.set({ failNext: [{ match: { path: "/chat" }, fault: { kind: "drop_after" } }] });
    const ask = await session.ask("Hello?");
    expect(await codeOf(ask.answer)).toBe("OUTCOME_UNKNOWN");
    expect(emulator.chats).toHaveLength(1);
  });

  it("that did not arrive is asked again", async () => {
    service = await startService();
    const { session, emulator } = service;
    emulator.set({ failNext: [{ match: { path: "/chat" }, fault: { kind: "drop_before" } }] });
    const ask = await session.ask("My name is Ada");
    expect(await ask.answer).toContain("Ada");
    expect(emulator.chats).toHaveLength(1);
  });

  it("survives a restart of the service", async () => {
    service = await startService();
    const { session, emulator } = service;
    emulator.restart();
    expect(await (await session.ask("My name is Ada")).answer).toContain("Ada");
  });

  it("ends with an error that says so when the session is lost, and the session with it", async () => {
    service = await startService();
    const { session, emulator } = service;
    emulator.set({ sessionFile: "invalid" });
    emulator.restart();
    const ask = await session.ask("Anybody?");
    expect(await codeOf(ask.answer)).toBe("REMOTE_NOT_FOUND");
    expect(await session.waitFor("terminated", { timeoutMs: 4_000 })).toBe("terminated");
    expect(await codeOf(session.ask("Nobody?"))).toBe("REMOTE_NOT_FOUND");
  });

  it("tells while it thinks, and a cancel ends the waiting", async () => {
    service = await startService({ dials: { answeredBy: "person" } });
    const { session, emulator, clock } = service;
    const events = session.events({ types: ["ask.waiting"] });
    const ask = await session.ask("Think");
    await until(() => emulator.pendingChats.length === 1);
    clock.shift(10_500);
    const { value } = await events.next();
    expect(value).toMatchObject({ askId: ask.id, sessionId: session.id });
    expect(await ask.cancel()).toBe(true);
    expect(await codeOf(ask.answer)).toBe("ASK_CANCELLED");
  });

  it("that was under way when its process ended is not asked again by the next one", async () => {
    service = await startService({ dials: { answeredBy: "person" } });
    const { session, emulator, store, colloquy } = service;
    const { id } = await session.ask("Think");
    await until(() => emulator.pendingChats.length === 1);
    await colloquy.shutdown({ graceMs: 0 });
    const later = createColloquy({ providers: [atlus({ baseUrl: emulator.baseUrl })], store });
    const ask = await later.asks.resume(id);
    expect(await codeOf(ask.answer)).toBe("OUTCOME_UNKNOWN");
    expect(emulator.chats).toHaveLength(1);
    await later.shutdown({ graceMs: 0 });
  });
});
