import { describe, expect, it } from "vitest";
import { createWebhookHandler, type WebhookHandlerOptions } from "../../src/webhooks/index.js";
import { lineProvider, observed, post, secret } from "./setting.js";

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
