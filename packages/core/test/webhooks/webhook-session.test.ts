import { describe, expect, it } from "vitest";
import { ColloquyError, type JsonValue } from "../../src/contract/index.js";
import type { Session } from "../../src/sessions/session.js";
import {
  createWebhookHandler,
  type WebhookEvent,
  type WebhookHandlerOptions,
  type WebhookSession,
} from "../../src/webhooks/index.js";
import { connectedSession, createStage, type Stage } from "../sessions/stage.js";

async function setting(options: WebhookHandlerOptions = {}) {
  const stage = createStage();
  const colloquy = stage.colloquy();
  const session = await connectedSession(stage, colloquy);
  const request = (text: string, changed: { readonly headers?: Record<string, string> } = {}): Request => {
    const data = { message_id: `in-${text}`, chat: "+15550101", from: "+15550101", text };
    return toRequest(stage, session, "message", data, changed.headers);
  };
  const handler = createWebhookHandler(stage.provider, { session, clock: stage.clock, ...options });
  return { stage, colloquy, session, request, handler };
}

function toRequest(
  stage: Stage,
  session: Session,
  type: string,
  data: Readonly<Record<string, JsonValue>>,
  headers?: Record<string, string>,
): Request {
  const delivery = stage.backend.delivery(session.remoteId as string, type, data);
  return new Request("http://receiver.test/webhook", {
    method: "POST",
    headers: headers ?? { ...delivery.headers },
    body: new TextDecoder().decode(delivery.body),
  });
}

const textOf = (event: WebhookEvent): string =>
  event.type === "message.received" ? String(event.message.text) : event.type;

describe("a webhook handler with a session", () => {
  it("checks against the secret that is stored with the session", async () => {
    const { request, handler, stage, session } = await setting();
    expect((await handler(request("one"))).status).toBe(200);
    expect((await handler(request("two", { headers: { "reference-signature": "0".repeat(64) } }))).status).toBe(401);
    expect((await stage.store.inbox.pending(session.id)).length).toBe(1);
  });

  it("refuses everything when the session has no secret, unless that was allowed", async () => {
    const reasons: string[] = [];
    const { stage, session, request, handler } = await setting({
      onRefused: ({ reason }) => void reasons.push(reason),
    });
    await stage.store.secrets.put(session.id, { signing_secret: "" });
    expect((await handler(request("one"))).status).toBe(401);
    expect(reasons).toEqual(["no_secret"]);
    const open = createWebhookHandler(stage.provider, { session, allowUnsigned: true });
    expect((await open(request("one"))).status).toBe(200);
  });

  it("checks against a given secret instead of the stored one", async () => {
    const { stage, session, request } = await setting();
    const known = (await stage.store.secrets.get(session.id))["signing_secret"] ?? "";
    await stage.store.secrets.put(session.id, { signing_secret: "replaced" });
    const handler = createWebhookHandler(stage.provider, { session, secret: ["next", known] });
    expect((await handler(request("one"))).status).toBe(200);
  });

  it("has the delivery in the inbox before the answer, for readers of events()", async () => {
    const { session, request, handler } = await setting();
    await handler(request("one"));
    const { value } = await session.events({ types: ["message.received"] }).next();
    expect(textOf(value)).toBe("one");
  });

  it("hands each new event to onEvent once, and marks it as handled", async () => {
    const seen: WebhookEvent[] = [];
    const { stage, session, request, handler } = await setting({ onEvent: (event) => void seen.push(event) });
    const again = request("one");
    const copy = again.clone();
    expect((await handler(again)).status).toBe(200);
    expect((await handler(copy)).status).toBe(200);
    await stage.clock.advance(0);
    expect(seen.map(textOf)).toEqual(["one"]);
    expect(seen[0]).toMatchObject({ sessionId: session.id, atMs: expect.any(Number) });
    expect(await stage.store.inbox.pending(session.id)).toEqual([]);
  });

  it("leaves an event that onEvent failed on in the inbox, for a later process", async () => {
    const { stage, request, handler, session } = await setting({
      onEvent: () => {
        throw new Error("not now");
      },
    });
    await handler(request("one"));
    await stage.clock.advance(0);
    await handler.idle();
    const seen: string[] = [];
    const later = await stage.colloquy().sessions.get(session.id);
    const next = createWebhookHandler(stage.provider, {
      session: later,
      clock: stage.clock,
      onEvent: (event) => void seen.push(textOf(event)),
    });
    const caughtUp = next.catchUp();
    await stage.clock.advance(0);
    await caughtUp;
    expect(seen).toEqual(["one"]);
  });

  it("keeps in the inbox what it has no room for in memory, and takes it up when there is", async () => {
    const seen: string[] = [];
    const { stage, request, handler } = await setting({
      maxWaitingCount: 1,
      onEvent: (event) => void seen.push(textOf(event)),
    });
    for (const text of ["one", "two", "three"]) expect((await handler(request(text))).status).toBe(200);
    expect(seen).toEqual([]);
    await stage.clock.advance(0);
    await handler.idle();
    expect(seen).toEqual(["one", "two", "three"]);
  });

  it("does not try again and again what fails, while it works off what it had no room for", async () => {
    let count = 0;
    const { stage, request, handler } = await setting({
      maxWaitingCount: 2,
      onEvent: () => {
        count += 1;
        throw new Error("not now");
      },
    });
    for (const text of ["one", "two", "three", "four", "five"]) await handler(request(text));
    await stage.clock.advance(0);
    await handler.idle();
    expect(count).toBe(5);
  });

  it("tells the lifecycle what a delivery says of the session", async () => {
    const { stage, session, handler } = await setting();
    expect((await handler(toRequest(stage, session, "session", { status: "unlinked" }))).status).toBe(200);
    expect([session.state, session.snapshot.reason]).toEqual(["unlinked", "logged_out"]);
  });

  it("answers 503 when the store cannot keep the delivery, and takes it when it comes again", async () => {
    const { stage, request, handler } = await setting();
    const { add } = stage.store.inbox;
    const failure = new ColloquyError({ code: "STORE_UNAVAILABLE", message: "The disk is full." });
    Object.assign(stage.store.inbox, { add: () => Promise.reject(failure) });
    const first = request("one");
    const copy = first.clone();
    expect((await handler(first)).status).toBe(503);
    Object.assign(stage.store.inbox, { add });
    expect((await handler(copy)).status).toBe(200);
  });
});

describe("one URL for many sessions", () => {
  it("finds the session by the request, and answers an unknown one like a forged delivery", async () => {
    const { stage, colloquy, session, request } = await setting();
    const reasons: string[] = [];
    const handler = createWebhookHandler(stage.provider, {
      session: (asked): Promise<WebhookSession> | undefined => {
        const id = asked.headers.get("x-session");
        return id === null ? undefined : colloquy.sessions.get(id);
      },
      onRefused: ({ reason }) => void reasons.push(reason),
    });
    const to = (id: string | undefined): Request => {
      const asked = request("one");
      if (id !== undefined) asked.headers.set("x-session", id);
      return asked;
    };
    expect((await handler(to(session.id))).status).toBe(200);
    for (const id of [undefined, "ses_unknown"]) {
      const response = await handler(to(id));
      expect([response.status, await response.text()]).toEqual([401, ""]);
    }
    expect(reasons).toEqual(["unknown_session", "unknown_session"]);
  });

  it("does not let one session wait for another", async () => {
    const { stage, colloquy, session } = await setting();
    const other = await connectedSession(stage, colloquy);
    const seen: string[] = [];
    const handler = createWebhookHandler(stage.provider, {
      clock: stage.clock,
      session: (asked) => (asked.headers.get("x-session") === other.id ? other : session),
      onEvent: (event) => {
        if (event.sessionId === session.id) return new Promise(() => {});
        seen.push(textOf(event));
        return undefined;
      },
    });
    for (const [target, text] of [
      [session, "stuck"],
      [other, "through"],
    ] as const) {
      const data = { message_id: text, chat: "+1", from: "+1", text };
      const asked = toRequest(stage, target, "message", data);
      asked.headers.set("x-session", target.id);
      await handler(asked);
    }
    await stage.clock.advance(0);
    expect(seen).toEqual(["through"]);
  });
});
