import { isColloquyError } from "@colloquy/core";
import { wasenderRoutes } from "@colloquy/emulator";
import { afterEach, describe, expect, it } from "vitest";
import { receiveFacet } from "../src/facets/receive.js";
import { operations } from "../src/operations.js";
import { readRateLimits } from "../src/rate-limits.js";
import { type Service, type ServiceOptions, startService } from "./support/service.js";
import { answered, arrivedAtMs, decoded, delivery, fixture } from "./support/wire.js";

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0);
const message = { to: "+15550101", text: "hello" };
let service: Service | undefined;

/** A service whose session is connected. */
async function connected(options: ServiceOptions = {}): Promise<Service> {
  service = await startService(options);
  service.emulator.wasender.setStatus(service.id, "connected");
  return service;
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

afterEach(async () => {
  await service?.close();
  service = undefined;
});

describe("what published clients of this service get wrong", () => {
  it("1: a binary upload goes out with its bytes and its own content type", async () => {
    const { session, emulator } = await connected();
    const { value } = await session.provider.media.upload({ bytes: png, contentType: "image/png" });
    expect(value.publicUrl).toMatch(/^http/);
    expect(emulator.wasender.requests.at(-1)?.headers["content-type"]).toBe("image/png");
    const stored = await fetch(value.publicUrl);
    expect(new Uint8Array(await stored.arrayBuffer())).toEqual(png);
  });

  it("2: the text of the common failure reaches the caller", async () => {
    const { colloquy, emulator } = await connected();
    emulator.wasender.set({ sessionLimit: 1 });
    const error = await failureOf(colloquy.sessions.create("wasender", { name: "Desk", phoneNumber: "+15550111" }));
    expect(error).toMatchObject({
      code: "QUOTA_EXCEEDED",
      outcome: "rejected",
      providerMessage: expect.stringContaining("session limit"),
    });
  });

  it("3: a lost answer never sends a message twice, and a dropped read is simply read again", async () => {
    const { session, emulator } = await connected();
    emulator.wasender.set({ failNext: [{ match: { path: "/send-message" }, fault: { kind: "drop_after" } }] });
    const error = await failureOf(session.provider.messages.send(message));
    expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(emulator.wasender.sent).toHaveLength(1);
    emulator.wasender.set({ failNext: [{ match: { path: "/status" }, times: 3, fault: { kind: "drop_before" } }] });
    expect(await session.provider.account.status()).toMatchObject({ value: { status: "connected" }, attempts: 4 });
  });

  it("4: a failing read is tried again, a hanging one ends in time, and a call can be cancelled", async () => {
    const { session, emulator } = await connected({ limits: { attemptTimeoutMs: 100, maxAttempts: 2 } });
    emulator.wasender.set({ failNext: [{ match: { path: "/status" }, fault: { kind: "status", status: 503 } }] });
    expect((await session.provider.account.status()).attempts).toBe(2);
    emulator.wasender.set({ failNext: [{ match: { path: "/send-message" }, fault: { kind: "hang" } }] });
    expect(await failureOf(session.provider.messages.send(message))).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    const sends = () => emulator.wasender.requests.filter(({ path }) => path === "/send-message").length;
    expect(sends()).toBe(1);
    const signal = AbortSignal.abort();
    expect(await failureOf(session.provider.messages.send(message, { signal }))).toMatchObject({ name: "AbortError" });
    expect(sends()).toBe(1);
  });

  it("4: a `Retry-After` header counts as much as a body", () => {
    const [reading] = readRateLimits(answered(429, null, { "retry-after": "7" }), operations.messages.send);
    expect(reading).toMatchObject({ bucket: "send", retryAfterMs: 7_000 });
  });

  it("5: a page instead of JSON keeps its words, and `null` is an error of ours", async () => {
    const { session, emulator } = await connected({ limits: { maxAttempts: 1 } });
    emulator.wasender.set({ failNext: [{ match: { path: "/user" }, fault: { kind: "html502" } }] });
    const gateway = await failureOf(session.provider.account.user());
    expect(gateway).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      status: 502,
      providerMessage: expect.stringMatching(/bad gateway/i),
    });
    emulator.wasender.set({ failNext: [{ match: { path: "/user" }, fault: { kind: "null_body" } }] });
    const nothing = await failureOf(session.provider.account.user());
    expect(isColloquyError(nothing) && nothing.code).toBe("RESPONSE_MALFORMED");
  });

  it("6: a path parameter cannot become path or query", async () => {
    const { session, emulator } = await connected();
    await failureOf(session.provider.contacts.get({ contact: "+1 2/3?x" }));
    expect(emulator.wasender.requests.at(-1)).toMatchObject({ path: "/contacts/%2B1%202%2F3%3Fx", query: {} });
  });

  it("7: a reset of 60 is a minute from now, not a minute after 1970", () => {
    const [reading] = readRateLimits(answered(200, {}, { "x-ratelimit-reset": "60" }), operations.messages.send);
    expect(reading?.resetAtMs).toBe(arrivedAtMs + 60_000);
  });

  it("8: a success need not say `success`", async () => {
    const { session, emulator } = await connected();
    expect((await session.provider.account.status()).value).toEqual({ status: "connected" });
    expect(emulator.wasender.requests.at(-1)?.path).toBe("/status");
    expect(decoded(operations.media.decrypt, { publicUrl: "https://m.example/1" })).toEqual({
      publicUrl: "https://m.example/1",
    });
  });

  it("9: nothing but documented keys goes out, and none of them is null", async () => {
    const { session, emulator } = await connected();
    await session.provider.messages.send({ to: "+15550101", location: { latitude: 1, longitude: 2 } });
    await session.provider.messages.send({ to: "+15550101", media: { kind: "image", url: "https://a.example/a.png" } });
    expect(emulator.wasender.sent.map(({ body }) => body)).toEqual([
      { to: "+15550101", location: { latitude: 1, longitude: 2 } },
      { to: "+15550101", imageUrl: "https://a.example/a.png" },
    ]);
    await failureOf(session.provider.sessions.connect({}));
    expect(emulator.wasender.requests.at(-1)).toMatchObject({
      path: expect.stringMatching(/\/connect$/),
      body: undefined,
      query: {},
    });
  });

  it("10: even the first burst is paced, so the limit is never met by hitting it", async () => {
    // The service asks for less than we were told, so that a slow machine shows as slowness and not as a refusal.
    const { session, emulator } = await connected({
      accountProtection: true,
      dials: { accountProtectionMs: 40 },
      provider: { limits: { accountProtectionWindowMs: 80 } },
    });
    await Promise.all(Array.from({ length: 5 }, () => session.provider.messages.send(message)));
    expect(emulator.wasender.sent).toHaveLength(5);
    expect(emulator.wasender.refusals).toBe(0);
    expect(emulator.wasender.violations).toEqual([]);
  });

  it("10: the day's quota is kept as well, and what cannot go today is not tried", async () => {
    const { session, emulator } = await connected({
      dials: { plan: "trial", rateLimits: { send: { limit: 100, dailyLimit: 2 } } },
      provider: { plan: "trial", limits: { sendPerMinute: 100, sendPerDay: 2 } },
    });
    await session.provider.messages.send(message);
    await session.provider.messages.send(message);
    const third = failureOf(session.provider.messages.send(message, { timeoutMs: 200 }));
    expect(await third).toMatchObject({ code: "DEADLINE_EXCEEDED", outcome: "not_attempted" });
    expect(emulator.wasender.refusals).toBe(0);
  });

  it("11: every path that we call exists, and every path that exists can be called", () => {
    const shape = (path: string): string => path.replace(/\{\w+\}|:\w+/g, "*");
    const token = { personal_access_token: "pat", session_key: "session", none: "none" } as const;
    const ours = Object.values(operations).flatMap((verbs) =>
      Object.values(verbs).map(
        ({ method, path, credential }) => `${method} ${shape(path)} ${token[credential as keyof typeof token]}`,
      ),
    );
    const theirs = wasenderRoutes.map((route) => `${route.method} ${shape(route.path)} ${route.token}`);
    expect([...new Set(ours)].toSorted()).toEqual([...new Set(theirs)].toSorted());
  });

  it("12: without a secret no delivery is accepted, and with one only the right signature", () => {
    const signed = delivery("{}", { "x-webhook-signature": "made-up" });
    expect(receiveFacet.verify(signed, {})).toBe(false);
    expect(receiveFacet.verify(signed, { webhook_secret: "made-up!" })).toBe(false);
    expect(receiveFacet.verify(signed, { webhook_secret: "made-up" })).toBe(true);
  });

  it("13: a row may lack every key but the id, and may hold any other", async () => {
    const leaky = decoded(operations.sessions.get, fixture("session-detail-leaky"));
    expect(leaky.raw).toMatchObject({ user_id: 3, last_active_at: null });
    const whole = (fixture("session-detail") as { readonly data: Record<string, unknown> }).data;
    for (const key of Object.keys(whole).filter((name) => name !== "id"))
      for (const value of [undefined, null, { unexpected: true }]) {
        const data = { ...whole, [key]: value };
        expect(decoded(operations.sessions.get, { success: true, data: JSON.parse(JSON.stringify(data)) }).id).toBe(
          "1",
        );
      }
    const { colloquy } = await connected({ dials: { leakExtraKeys: true, upperCaseListStatus: true } });
    expect((await colloquy.provider("wasender").sessions.list()).value).toHaveLength(1);
  });

  it("11: none of the paths that other clients made up is called", () => {
    const paths = Object.values(operations).flatMap((verbs) =>
      Object.values(verbs).map(({ path }) => String(path).replace(/\{\w+\}/g, "*")),
    );
    for (const invented of ["/qr-code", "/regenerate-api-key", "/sessions/*/status", "/profile-picture"])
      expect(paths.filter((path) => path.endsWith(invented))).toEqual([]);
  });

  it("14: polls, restart, both logs, resend and pages are there, and work", async () => {
    const { session, emulator, id } = await connected({ dials: { unknownNumbers: ["+15550199"], sentAfterMs: 0 } });
    const { sessions, messages, contacts, groups } = session.provider;
    await messages.send({ to: "+15550101", poll: { question: "Tea?", options: ["yes", "no"] } });
    expect(emulator.wasender.sent[0]?.body).toMatchObject({ poll: { question: "Tea?", multiSelect: false } });
    await sessions.update({ logMessages: true });
    await messages.send({ to: "+15550199", text: "hello" });
    await expect.poll(async () => (await sessions.messageLogs({ status: "failed" })).value.total).toBe(1);
    const [failed] = (await sessions.messageLogs({ status: "failed", page: 1, perPage: 5 })).value.items;
    expect(failed).toMatchObject({ to: "+15550199", status: "failed", content: { text: "hello" } });
    await messages.resend({ logId: failed?.id ?? "" });
    expect(await failureOf(messages.resend({ logId: "1001" }))).toMatchObject({ code: "PROVIDER_REJECTED" });
    expect((await contacts.page({ page: 2, perPage: 2 })).value).toMatchObject({ total: 3, lastPage: 2, page: 2 });
    expect((await groups.page({ page: 1, perPage: 1 })).value.items).toHaveLength(1);
    await sessions.restart();
    const { value: log } = await sessions.sessionLogs({ perPage: 50 });
    expect(log.items.map(({ eventType }) => eventType)).toContain("session_restarted");
    emulator.wasender.setStatus(id, "connected");
  });

  it("14: mark read, contact upsert and all look-ups are there, and work", async () => {
    const { session, emulator } = await connected();
    const { messages, contacts, lookups } = session.provider;
    const { id: messageKey } = emulator.wasender.receive(1, { from: "+15550101", text: "hello" });
    const read = { messageKey, chatId: "15550101@s.whatsapp.net", fromMe: false };
    await messages.markRead(read);
    expect(emulator.wasender.requests.at(-1)?.body).toEqual({
      key: { id: messageKey, remoteJid: "15550101@s.whatsapp.net", fromMe: false },
    });
    expect((await contacts.save({ contact: "+15550101", fullName: "Ada L." })).value.fullName).toBe("Ada L.");
    const { lid } = (await lookups.lidFromPhone({ phone: "+15550101" })).value;
    expect((await lookups.phoneFromLid({ lid })).value.phone).toBe("+15550101");
    expect((await lookups.username({ contact: "@ada" })).value).toMatchObject({ username: "ada" });
    expect((await lookups.onWhatsApp({ contact: "+15550101" })).value.exists).toBe(true);
  });

  it("14: linking by passkey is there, and works", async () => {
    service = await startService();
    const { session } = service;
    const { sessions } = session.provider;
    const { value: connect } = await sessions.connect({ linkMethod: "passkey" });
    const { value: request } = await sessions.passkeyToken();
    expect(connect).toMatchObject({ status: "need_passkey", passkey: { token: request.token } });
    const assertion = { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA" };
    const { value } = await sessions.respondToPasskey({
      token: request.token,
      requestId: request.requestId ?? "",
      credential: { id: "AA", rawId: "AA", response: assertion },
    });
    expect(value.status).toBe("prologue_sent");
    await expect.poll(async () => (await session.provider.account.status()).value.status).toBe("connected");
  });
});
