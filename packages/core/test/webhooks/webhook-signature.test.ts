import { describe, expect, it } from "vitest";
import { createWebhookHandler } from "../../src/webhooks/index.js";
import { lineProvider, observed, post, secret } from "./setting.js";

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
