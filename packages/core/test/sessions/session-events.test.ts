import { describe, expect, it } from "vitest";
import { ColloquyError } from "../../src/contract/index.js";
import type { AnswerSchema } from "../../src/sessions/asks/ask.js";
import type { SessionEventType } from "../../src/sessions/session-event.js";
import { connectedSession, createStage, restored } from "./stage.js";

/** Typed as a record, so that a new type of event cannot be forgotten here. */
const declared: Readonly<Record<SessionEventType, true>> = {
  "message.received": true,
  "message.status": true,
  provider: true,
  state: true,
  challenge: true,
  health: true,
  send: true,
  paced: true,
  pacing: true,
  ask: true,
  "ask.waiting": true,
  "ask.ignored": true,
  taken_over: true,
};

const pickySchema: AnswerSchema = {
  "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [{ message: "Must be something else." }] }) },
};

describe("the events of a session", () => {
  it("are all emitted in the course of a life: none is only declared", async () => {
    const spaced = { bucket: "sends", scope: "session", limit: 1, windowMs: 5_000 } as const;
    const stage = createStage({ limits: [{ ...spaced, source: "test", asOf: "2026-11-21" }] });
    const session = await stage.colloquy().sessions.create("reference", { name: "Shop" });
    const told = new Set<SessionEventType>();
    void (async () => {
      for await (const { type } of session.events()) told.add(type);
    })();
    const pairing = (async () => {
      for await (const _challenge of session.pair()) stage.backend.phone.scan(session.remoteId as string);
    })();
    await stage.pass(pairing);
    const deliver = (type: string, data: Record<string, string>): Promise<unknown> =>
      session.receive(stage.backend.delivery(session.remoteId as string, type, data));
    await deliver("message", { message_id: "in1", chat: "+15550101", from: "+15550101", text: "Hello" });
    await deliver("receipt", { message_id: "m1", status: "delivered" });
    await deliver("weather", { sky: "clear" });
    const both = Promise.all(
      ["+15550101", "+15550102"].map((to) => session.send({ to, text: "Your order is on its way" })),
    );
    await stage.pass(both);
    stage.wire.hold(/^POST \/asks/);
    const ask = await session.ask({ text: "Sure?", schema: pickySchema });
    await stage.clock.advance(15_000);
    stage.wire.release();
    stage.backend.asks.answer(ask.id, "perhaps");
    await stage.pass(ask.outcome);
    const other = await restored(stage);
    await stage.pass(other.waitFor("connected"));
    await stage.clock.advance(60_000);
    expect([...told].toSorted()).toEqual(Object.keys(declared).toSorted());
  });
});

describe("keys that cannot be read", () => {
  it("stop the call, and never make a new session or a new key at the provider", async () => {
    const stage = createStage();
    const colloquy = stage.colloquy();
    const session = await connectedSession(stage, colloquy);
    const before = stage.backend.requests.length;
    Object.assign(stage.store.secrets, {
      get: async () => {
        throw new ColloquyError({ code: "SECRET_UNREADABLE", message: "The key does not fit." });
      },
    });
    await expect(stage.pass(session.send({ to: "+15550101", text: "Hello" }))).rejects.toMatchObject({
      code: "SECRET_UNREADABLE",
      outcome: "not_attempted",
    });
    const after = stage.backend.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(after.filter((request) => request.startsWith("POST"))).toEqual([]);
  });
});
