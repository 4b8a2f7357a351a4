import { describe, expect, it } from "vitest";
import {
  createWebhookHandler,
  memoryInbox,
  type WebhookEvent,
  type WebhookHandlerOptions,
} from "../../src/webhooks/index.js";
import { lineProvider, observed, post, secret } from "./setting.js";

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

describe("the signature of a delivery", () => {
  it.each([
    ["wrong", { "x-signature": "guessed" }],
    ["empty", { "x-signature": "" }],
    ["missing", {}],
  ])("that is %s is refused with 401, is told nothing, and leaves nothing behind", async (_what, headers) => {
    const { clock, handled, refused, options } = observed();
    const handler = createWebhookHandler(lineProvider(), options);
    const response = await handler(post("a", headers));
    expect([response.status, await response.text(), [...response.headers]]).toEqual([401, "", []]);
    await clock.advance(0);
    expect([handled, refused]).toEqual([[], ["401 forged"]]);
  });

  it.each([[undefined], [""], [[]], [["", ""]], [() => undefined]])(
    "is refused for everybody while no secret is known (%j)",
    async (none) => {
      const { refused, options } = observed();
      const handler = createWebhookHandler(lineProvider(), { ...options, secret: none });
      for (const signature of ["", "undefined", secret])
        expect((await handler(post("a", { "x-signature": signature }))).status).toBe(401);
      expect((await handler(post("a", {}))).status).toBe(401);
      expect(new Set(refused)).toEqual(new Set(["401 no_secret"]));
    },
  );

  it("may be missing only when that was allowed and no secret is known", async () => {
    const { options } = observed();
    const unsigned = createWebhookHandler(lineProvider(), { ...options, secret: undefined, allowUnsigned: true });
    expect((await unsigned(post("a", {}))).status).toBe(200);
    const known = createWebhookHandler(lineProvider(), { ...options, allowUnsigned: true });
    expect((await known(post("a", {}))).status).toBe(401);
  });

  it("may be made with any of several secrets, and each is tried whichever fits", async () => {
    const { options } = observed();
    const provider = lineProvider();
    const handler = createWebhookHandler(provider, { ...options, secret: ["next", secret, "older"] });
    expect((await handler(post("a"))).status).toBe(200);
    expect((await handler(post("b", { "x-signature": "next" }))).status).toBe(200);
    expect((await handler(post("c", { "x-signature": "other" }))).status).toBe(401);
    expect(provider.calls.secrets).toEqual(Array.from({ length: 3 }, () => ["next", secret, "older"]).flat());
  });

  it("may be made with a secret that is looked up for the request", async () => {
    const { options } = observed();
    const asked: string[] = [];
    const handler = createWebhookHandler(lineProvider(), {
      ...options,
      secret: async (request) => {
        asked.push(new URL(request.url).pathname);
        return [secret];
      },
    });
    expect((await handler(post("a"))).status).toBe(200);
    expect(asked).toEqual(["/webhook"]);
  });

  it("is checked over the bytes as they came", async () => {
    const { options } = observed();
    const provider = lineProvider();
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x00, 0xff, 0x20, 0x7d, 0x0a);
    await createWebhookHandler(provider, options)(post(bytes));
    expect(provider.calls.bodies).toEqual([bytes]);
  });

  it("is checked before the body is read, where it stands in the headers alone", async () => {
    const { options } = observed();
    const handler = createWebhookHandler(lineProvider({ signsHeadersOnly: true }), options);
    let pulled = 0;
    const body = () =>
      new ReadableStream(
        {
          pull(controller) {
            pulled += 1;
            controller.enqueue(new TextEncoder().encode("a"));
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
    expect((await handler(post(body(), { "x-signature": "guessed" }))).status).toBe(401);
    expect(pulled).toBe(0);
    expect((await handler(post(body()))).status).toBe(200);
    expect(pulled).toBe(1);
  });
});

describe("the size of a delivery", () => {
  const limited = (): { options: WebhookHandlerOptions; refused: string[] } => {
    const { options, refused } = observed();
    return { options: { ...options, maxBodyBytes: 1_000 }, refused };
  };

  it("is refused with 413 by its declared length, unread", async () => {
    const { options, refused } = limited();
    const provider = lineProvider();
    const headers = { "x-signature": secret, "content-length": "1001" };
    expect((await createWebhookHandler(provider, options)(post("a", headers))).status).toBe(413);
    expect([refused, provider.calls.bodies]).toEqual([["413 too_large"], []]);
  });

  it("is counted as it comes, and no more than the limit and one piece is ever taken", async () => {
    const { options } = limited();
    let given = 0;
    const endless = new ReadableStream(
      {
        pull(controller) {
          given += 100;
          controller.enqueue(new Uint8Array(100));
        },
      },
      { highWaterMark: 0 },
    );
    expect((await createWebhookHandler(lineProvider(), options)(post(endless))).status).toBe(413);
    expect(given).toBe(1_100);
  });

  it("may be the limit exactly, and by default 10 MB", async () => {
    const { options } = limited();
    expect((await createWebhookHandler(lineProvider(), options)(post("x".repeat(1_000)))).status).toBe(200);
    const { options: plain } = observed();
    expect((await createWebhookHandler(lineProvider(), plain)(post("x".repeat(10_000_000)))).status).toBe(200);
  });
});

describe("a body that cannot be had", () => {
  it("is refused with 400 when the sender goes away in the middle", async () => {
    const { options, refused } = observed();
    const broken = new ReadableStream({
      pull: (controller) => controller.error(new Error("reset")),
    });
    expect((await createWebhookHandler(lineProvider(), options)(post(broken))).status).toBe(400);
    expect(refused).toEqual(["400 body_unreadable"]);
  });

  it("is refused with 400 when something read it before", async () => {
    const { options } = observed();
    const request = post("a");
    await request.text();
    expect((await createWebhookHandler(lineProvider(), options)(request)).status).toBe(400);
  });
});

describe("the replay window", () => {
  it("refuses what was sent too long ago or is dated ahead, and takes what is within or undated", async () => {
    const { clock, options } = observed();
    const refusals: unknown[] = [];
    const handler = createWebhookHandler(lineProvider(), {
      ...options,
      replayWindowMs: 60_000,
      onRefused: (refusal) => void refusals.push(refusal),
    });
    const sentAt = (ageMs: number) => post(`at:${clock.now() - ageMs}`);
    expect((await handler(sentAt(60_000))).status).toBe(200);
    expect((await handler(sentAt(-60_000))).status).toBe(200);
    expect((await handler(post("undated"))).status).toBe(200);
    expect((await handler(sentAt(60_001))).status).toBe(401);
    expect((await handler(sentAt(-60_001))).status).toBe(401);
    expect(refusals).toEqual([
      { reason: "stale", status: 401, providerId: "lines", ageMs: 60_001 },
      { reason: "stale", status: 401, providerId: "lines", ageMs: -60_001 },
    ]);
  });

  it("is off unless asked for, so that no late message is lost", async () => {
    const { options } = observed();
    expect((await createWebhookHandler(lineProvider(), options)(post("at:1"))).status).toBe(200);
  });
});

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

describe("the inbox in memory", () => {
  const event = (occurrenceId: string): WebhookEvent => ({
    type: "provider",
    occurrenceId,
    name: "x",
    raw: null,
    atMs: 1,
  });

  it("forgets the oldest beyond its limit, and only that", async () => {
    const inbox = memoryInbox(2);
    await inbox.add(["a", "b", "c"].map(event));
    expect((await inbox.add(["b", "c"].map(event))).length).toBe(0);
    expect((await inbox.add([event("a")])).length).toBe(1);
  });

  it("holds what is not handled, by age and number", async () => {
    const inbox = memoryInbox();
    await inbox.add(["a", "b", "c"].map(event));
    await inbox.settle?.(["b", "unknown"]);
    expect((await inbox.unhandled?.({ untilAtMs: 1, limit: 9 }))?.map(({ occurrenceId }) => occurrenceId)).toEqual([
      "a",
      "c",
    ]);
    expect(await inbox.unhandled?.({ untilAtMs: 0, limit: 9 })).toEqual([]);
    expect((await inbox.unhandled?.({ untilAtMs: 1, limit: 1 }))?.length).toBe(1);
  });
});
