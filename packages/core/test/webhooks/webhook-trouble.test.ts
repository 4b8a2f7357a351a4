import { describe, expect, it } from "vitest";
import { createWebhookHandler, memoryInbox, type WebhookHandlerOptions } from "../../src/webhooks/index.js";
import { lineProvider, observed, post, secret } from "./setting.js";

describe("what goes wrong at the receiver", () => {
  const failing = (): Promise<never> => Promise.reject(new Error("the disk is full"));

  it.each<[string, WebhookHandlerOptions]>([
    ["the inbox", { inbox: { add: failing } }],
    ["the search for the session", { session: failing }],
    ["the search for the secret", { secret: failing }],
  ])("in %s is answered with 503, so that the provider may try again", async (_where, changed) => {
    const { options } = observed();
    const told: unknown[] = [];
    const handler = createWebhookHandler(lineProvider(), {
      ...options,
      ...changed,
      onRefused: ({ reason, error }) => void told.push(reason, error),
    });
    expect((await handler(post("a"))).status).toBe(503);
    expect(told).toEqual(["unavailable", expect.objectContaining({ message: "the disk is full" })]);
  });

  it("in a facet that breaks its promise, too, is answered and never thrown", async () => {
    const broken = (): never => {
      throw new Error("a bug");
    };
    for (const facet of [{ verify: broken }, { read: broken }]) {
      const { options } = observed();
      expect((await createWebhookHandler(lineProvider(facet), options)(post("a"))).status).toBe(503);
    }
  });

  it("in the caller's hooks changes no answer", async () => {
    const { clock, options } = observed();
    const broken = (): never => {
      throw new Error("a hook broke");
    };
    const handler = createWebhookHandler(lineProvider(), {
      ...options,
      onEvent: broken,
      onError: broken,
      onRefused: broken,
      waitUntil: broken,
    });
    expect((await handler(post("a"))).status).toBe(200);
    expect((await handler(post("a", {}))).status).toBe(401);
    await clock.advance(0);
    await handler.idle();
  });

  it("in onEvent is told, does not hold up the next event, and the event comes again later", async () => {
    const { clock, errors, options } = observed();
    const seen: string[] = [];
    let isBroken = true;
    const handler = createWebhookHandler(lineProvider(), {
      ...options,
      retryAfterMs: 30_000,
      onEvent: ({ occurrenceId }) => {
        seen.push(occurrenceId);
        if (occurrenceId === "a" && isBroken) throw new Error("not now");
      },
    });
    await handler(post("a\nb"));
    await clock.advance(1_000);
    await handler(post("c"));
    await clock.advance(0);
    expect(seen).toEqual(["a", "b", "c"]);
    expect(errors).toEqual([expect.objectContaining({ message: "not now" })]);
    await clock.advance(30_000);
    isBroken = false;
    await handler(post("d"));
    await clock.advance(0);
    expect(seen.slice(3).toSorted()).toEqual(["a", "d"]);
    await clock.advance(60_000);
    await handler(post("e"));
    await clock.advance(0);
    expect(seen.slice(5)).toEqual(["e"]);
  });

  it("before an event was handled is made good by catchUp", async () => {
    const { clock, handled, options } = observed();
    const inbox = memoryInbox();
    await createWebhookHandler(lineProvider(), { secret, clock, inbox })(post("a\nb"));
    const next = createWebhookHandler(lineProvider(), { ...options, inbox });
    const caughtUp = next.catchUp();
    await clock.advance(0);
    await caughtUp;
    expect(handled).toEqual(["a", "b"]);
  });

  it("refuses with 503 what it has no room to remember", async () => {
    const { clock, handled, refused, options } = observed();
    const inbox = { add: memoryInbox().add };
    const handler = createWebhookHandler(lineProvider(), { ...options, inbox, maxWaitingCount: 2 });
    expect((await handler(post("a\nb"))).status).toBe(200);
    expect((await handler(post("c"))).status).toBe(503);
    expect(refused).toEqual(["503 unavailable"]);
    await clock.advance(0);
    expect((await handler(post("c"))).status).toBe(200);
    await clock.advance(0);
    expect(handled).toEqual(["a", "b", "c"]);
  });
});
