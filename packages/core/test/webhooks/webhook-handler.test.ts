import { describe, expect, it } from "vitest";
import { createWebhookHandler, memoryInbox, type WebhookEvent } from "../../src/webhooks/index.js";
import { lineProvider, observed, post } from "./setting.js";

describe("a webhook handler without a session", () => {
  it("answers 200 with no body once the delivery is stored, and handles it after that", async () => {
    const { clock, handled, options } = observed();
    const order: string[] = [];
    const inbox = memoryInbox();
    const handler = createWebhookHandler(lineProvider(), {
      ...options,
      inbox: {
        ...inbox,
        add: async (events) => {
          order.push("stored");
          return inbox.add(events);
        },
      },
      onEvent: () => void order.push("handled"),
    });
    const response = await handler(post("a"));
    order.push("answered");
    expect([response.status, await response.text()]).toEqual([200, ""]);
    await clock.advance(0);
    expect(order).toEqual(["stored", "answered", "handled"]);
    expect(handled).toEqual([]);
  });

  it("handles an occurrence once, however often and beside whatever it is delivered", async () => {
    const { clock, handled, options } = observed();
    const handler = createWebhookHandler(lineProvider(), options);
    for (const lines of ["a\nb", "a", "b\nc", "a\nb\nc"]) expect((await handler(post(lines))).status).toBe(200);
    await clock.advance(0);
    expect(handled).toEqual(["a", "b", "c"]);
  });

  it("tells when it arrived", async () => {
    const { clock, options } = observed();
    let told: WebhookEvent | undefined;
    const handler = createWebhookHandler(lineProvider(), { ...options, onEvent: (event) => void (told = event) });
    const arrivedAtMs = clock.now();
    await handler(post("a"));
    await clock.advance(5_000);
    expect(told).toEqual({ type: "provider", occurrenceId: "a", name: "line", raw: "a", atMs: arrivedAtMs });
  });

  it("handles events in order, one after the other", async () => {
    const { clock, options } = observed();
    const order: string[] = [];
    const open: (() => void)[] = [];
    const handler = createWebhookHandler(lineProvider(), {
      ...options,
      onEvent: async ({ occurrenceId }) => {
        order.push(`${occurrenceId} begins`);
        await new Promise<void>((resolve) => open.push(resolve));
        order.push(`${occurrenceId} ends`);
      },
    });
    await handler(post("a\nb"));
    await handler(post("c"));
    for (let turn = 0; turn < 3; turn++) {
      await clock.advance(0);
      open.shift()?.();
    }
    await handler.idle();
    expect(order).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  it("refuses everything but POST, and says what it takes", async () => {
    const { options, refused } = observed();
    const handler = createWebhookHandler(lineProvider(), options);
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
      const response = await handler(new Request("http://receiver.test/", { method }));
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    }
    expect(refused).toEqual(Array.from({ length: 5 }, () => "405 method"));
  });

  it("refuses a provider that receives nothing, and limits that are no whole numbers", () => {
    expect(() => createWebhookHandler({ id: "mute", facets: {} })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED", providerId: "mute" }),
    );
    for (const wrong of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      for (const name of ["maxBodyBytes", "replayWindowMs", "retryAfterMs", "maxWaitingCount"])
        expect(() => createWebhookHandler(lineProvider(), { [name]: wrong })).toThrow(TypeError);
  });
});

describe("on a platform that stops when it has answered", () => {
  it("the work that is left is given to the request's context, or to the option", async () => {
    const { clock, handled, options } = observed();
    const given: [string, Promise<void>][] = [];
    const handler = createWebhookHandler(lineProvider(), {
      ...options,
      waitUntil: (work) => void given.push(["option", work]),
    });
    await handler(post("a"));
    await handler(post("b"), { waitUntil: (work) => void given.push(["context", work]) });
    expect(given.map(([where]) => where)).toEqual(["option", "context"]);
    await clock.advance(0);
    await Promise.all(given.map(([, work]) => work));
    expect(handled).toEqual(["a", "b"]);
  });
});
