import { describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../src/contract/index.js";
import type { HandleOptions, HandlingContext } from "../../src/sessions/handling.js";
import type { SessionEvent } from "../../src/sessions/session-event.js";
import { createStage, type Stage } from "./stage.js";

function received(chatId: string, number: number): ProviderEvent {
  const occurrenceId = `${chatId} ${number}`;
  const message = {
    providerMessageId: occurrenceId,
    chatId,
    from: { id: chatId },
    kind: "text" as const,
    text: "made up",
  };
  return { type: "message.received", occurrenceId, message, raw: null };
}

const labelOf = (event: SessionEvent): string => ("occurrenceId" in event ? event.occurrenceId : event.type);

async function stored(...events: readonly ProviderEvent[]) {
  const stage = createStage();
  const session = await stage.colloquy().sessions.create("reference", {});
  await arrive(stage, session.id, events);
  return { stage, session };
}

async function arrive({ store, clock }: Stage, sessionId: string, events: readonly ProviderEvent[]): Promise<void> {
  const receivedAtMs = clock.now();
  await store.inbox.add(events.map((event) => ({ sessionId, occurrenceId: event.occurrenceId, event, receivedAtMs })));
}

describe("a handler of stored events", () => {
  it("gets what came before and what comes, once, and leaves nothing behind", async () => {
    const { stage, session } = await stored(received("a", 1));
    const seen: string[] = [];
    const handling = session.handle((event) => void seen.push(labelOf(event)), { pollMs: 1_000 });
    await stage.pass(handling.idle());
    // Another process stored it: this one is not told.
    await arrive(stage, session.id, [received("a", 2)]);
    await stage.clock.advance(1_500);
    expect(seen).toEqual(["a 1", "a 2"]);
    expect(await stage.store.inbox.pending(session.id)).toEqual([]);
  });

  it("gets a failed event again, before later ones of its conversation, while others go on", async () => {
    const { stage, session } = await stored(received("a", 1), received("b", 1), received("a", 2), received("b", 2));
    const seen: string[] = [];
    const handling = session.handle((event, { attempt }) => {
      seen.push(`${labelOf(event)} (${attempt})`);
      if (labelOf(event) === "a 1" && attempt < 3) throw new Error("not yet");
    });
    await stage.pass(handling.idle());
    expect(seen.filter((each) => each.startsWith("a"))).toEqual(["a 1 (1)", "a 1 (2)", "a 1 (3)", "a 2 (1)"]);
    expect(seen.indexOf("b 2 (1)")).toBeLessThan(seen.indexOf("a 1 (2)"));
  });

  it("may set an event aside until what it belongs to has come", async () => {
    const { stage, session } = await stored(received("a", 1), received("a", 2));
    const seen: string[] = [];
    const handling = session.handle((event, context: HandlingContext) => {
      if (labelOf(event) === "a 1" && !seen.includes("a 2")) return context.later(5_000);
      seen.push(labelOf(event));
    });
    await stage.pass(handling.idle());
    expect(seen).toEqual(["a 2", "a 1"]);
    expect(await stage.store.inbox.pending(session.id)).toEqual([]);
  });

  it("is asked no more after too many failures, and the event stays for the next process", async () => {
    const { stage, session } = await stored(received("a", 1), received("a", 2));
    const givenUp: string[] = [];
    const options: HandleOptions = { maxAttempts: 3, onGivenUp: (event) => void givenUp.push(labelOf(event)) };
    const seen: string[] = [];
    const handling = session.handle((event) => {
      seen.push(labelOf(event));
      if (labelOf(event) === "a 1") throw new Error("never");
    }, options);
    await stage.pass(handling.idle());
    expect([seen, givenUp]).toEqual([["a 1", "a 1", "a 1", "a 2"], ["a 1"]]);
    const next = await stage.colloquy().sessions.get(session.id);
    const again: string[] = [];
    await stage.pass(next.handle((event) => void again.push(labelOf(event))).idle());
    expect(again).toEqual(["a 1"]);
  });

  it("holds no more than the buffer in memory, and works at so many conversations at once", async () => {
    const events = Array.from({ length: 60 }, (_, index) => received(`chat ${index % 20}`, index));
    const { stage, session } = await stored(...events);
    const limits: number[] = [];
    const { pending } = stage.store.inbox;
    stage.store.inbox.pending = (id, query) => {
      limits.push(query?.limit ?? 0);
      return pending(id, query);
    };
    let atOnce = 0;
    let most = 0;
    const handling = session.handle(
      async () => {
        most = Math.max(most, ++atOnce);
        await new Promise<void>((resolve) => stage.clock.setTimer(stage.clock.now() + 10, resolve));
        atOnce -= 1;
      },
      { bufferSize: 10, concurrency: 4 },
    );
    await stage.pass(handling.idle());
    expect(Math.max(...limits)).toBe(10);
    expect(most).toBe(4);
    expect(await stage.store.inbox.pending(session.id)).toEqual([]);
  });

  it("stops between two events, and what it did not finish comes again", async () => {
    const { stage, session } = await stored(received("a", 1), received("a", 2));
    let finish: () => void = () => {};
    const seen: string[] = [];
    const handling = session.handle(async (event) => {
      seen.push(labelOf(event));
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await stage.until(() => seen.length === 1);
    const stopping = handling.stop();
    finish();
    await stopping;
    expect((await stage.store.inbox.pending(session.id)).map(({ occurrenceId }) => occurrenceId)).toEqual(["a 2"]);
  });
});
