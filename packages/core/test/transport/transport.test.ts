import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { fakeSession, fakeToken, open, send, upsert } from "./fake-provider.js";
import { json } from "./loopback.js";
import { failureOf, message, ok, setUp } from "./setting.js";

describe("a call", () => {
  it("carries JSON, the token and what the answer told", async () => {
    const { server, transport, provider } = await setUp((_request, response) =>
      json(
        response,
        200,
        { id: "m1" },
        { "x-ratelimit-limit": "5", "x-ratelimit-remaining": "4", "x-ratelimit-reset": "10" },
      ),
    );
    const result = await transport.execute({ provider, operation: send, input: message, session: fakeSession() });
    expect(result).toMatchObject({
      value: { id: "m1" },
      attempts: 1,
      status: 200,
      rateLimits: [{ limit: 5, remaining: 4 }],
    });
    expect(server.seen[0]).toMatchObject({
      method: "POST",
      url: "/send",
      body: JSON.stringify(message),
      headers: { authorization: `Bearer ${fakeToken}`, "content-type": "application/json" },
    });
    expect(transport.rateLimits(provider, { id: "ses_a", settings: {} })).toMatchObject([
      { bucket: "send", sessionId: "ses_a", remaining: 4, inFlight: 0 },
    ]);
    transport.forget(provider, "ses_a");
    expect(transport.rateLimits(provider, { id: "ses_a", settings: {} })).toEqual([]);
  });

  it("without a credential carries none", async () => {
    const { server, transport, provider } = await setUp(ok);
    await transport.execute({ provider, operation: open, input: {} });
    expect(server.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  it("asks for its token anew for each attempt", async () => {
    const tokens = ["pat-one-aaaaaaaa", "pat-two-bbbbbbbb"];
    const contexts: unknown[] = [];
    const { server, transport, provider } = await setUp(
      (_request, response, place) => (place === 1 ? json(response, 500, {}) : ok(_request, response)),
      {},
      {
        credentials: {
          personal_access_token: async (context) => {
            contexts.push(context);
            return tokens.shift() as string;
          },
        },
      },
    );
    await transport.execute({ provider, operation: upsert, input: message, session: fakeSession() });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer pat-one-aaaaaaaa",
      "Bearer pat-two-bbbbbbbb",
    ]);
    expect(contexts).toEqual([
      { providerId: "fake", sessionId: "ses_a" },
      { providerId: "fake", sessionId: "ses_a" },
    ]);
  });

  it("tells its dispatch before each attempt, and sends nothing when that fails", async () => {
    const order: string[] = [];
    const { server, transport, provider } = await setUp((_request, response, place) => {
      order.push(`seen ${place}`);
      return place === 1 ? json(response, 500, {}) : json(response, 200, { id: "m" });
    });
    const call = { provider, operation: upsert, input: message, session: fakeSession() };
    await transport.execute({ ...call, onDispatch: async () => void order.push("dispatch") });
    expect(order).toEqual(["dispatch", "seen 1", "dispatch", "seen 2"]);

    const trouble = new Error("the store is gone");
    expect(await failureOf(transport.execute({ ...call, onDispatch: () => Promise.reject(trouble) }))).toBe(trouble);
    expect(server.seen).toHaveLength(2);
    expect(transport.rateLimits(provider, fakeSession())).toMatchObject([{ inFlight: 0 }]);
  });

  it("is sent as often as there are permits, never more than four at once for one session", async () => {
    const held: ServerResponse[] = [];
    let most = 0;
    // Answers four together: with fewer at once it would wait for ever, and more would show.
    const { transport, provider } = await setUp((_request, response) => {
      most = Math.max(most, held.push(response));
      if (held.length === 4) for (const one of held.splice(0)) json(one, 200, { id: "x" });
    });
    const session = fakeSession();
    await Promise.all(
      Array.from({ length: 16 }, () => transport.execute({ provider, operation: open, input: {}, session })),
    );
    expect(most).toBe(4);
  });
});
