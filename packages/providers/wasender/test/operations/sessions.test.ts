import type { AnyOperation } from "@colloquy/core/contract";
import { describe, expect, it } from "vitest";
import { sessions } from "../../src/operations/sessions.js";
import { answered, decoded, encoded, fixture, thrown, wireBody } from "../support/wire.js";

describe("sessions.list", () => {
  it("reads rows without keys, and statuses in lower case whatever they are on the wire", () => {
    const rows = decoded(sessions.list, fixture("sessions-list"));
    expect(rows.map(({ id, status }) => [id, status])).toEqual([
      ["1", "disconnected"],
      ["2", "connected"],
    ]);
    expect(rows[0]).not.toHaveProperty("apiKey");
  });
});

describe("sessions.create", () => {
  it("sends the four required fields with careful defaults", () => {
    expect(wireBody(sessions.create, { name: "Shop", phoneNumber: "15550100" })).toEqual({
      name: "Shop",
      phone_number: "+15550100",
      account_protection: true,
      log_messages: false,
    });
  });

  it("switches the webhook on when an address is given, unless told otherwise", () => {
    const input = { name: "Shop", phoneNumber: "+15550100", webhookUrl: "https://app.example/hook" };
    expect(wireBody(sessions.create, input)).toMatchObject({
      webhook_url: "https://app.example/hook",
      webhook_enabled: true,
    });
    expect(wireBody(sessions.create, { ...input, webhookEnabled: false })).toMatchObject({ webhook_enabled: false });
  });

  it("sends every other setting under its documented name", () => {
    const all = {
      name: "Shop",
      phoneNumber: "+15550100",
      accountProtection: false,
      logMessages: true,
      webhookEvents: ["messages.received"],
      readIncomingMessages: true,
      autoRejectCalls: true,
      ignoreGroups: true,
      ignoreChannels: true,
      ignoreBroadcasts: true,
      alwaysOnline: true,
      proxyUrl: "socks5://user:word@proxy.example:1080",
    };
    expect(wireBody(sessions.create, all)).toEqual({
      name: "Shop",
      phone_number: "+15550100",
      account_protection: false,
      log_messages: true,
      webhook_events: ["messages.received"],
      read_incoming_messages: true,
      auto_reject_calls: true,
      ignore_groups: true,
      ignore_channels: true,
      ignore_broadcasts: true,
      always_online: true,
      proxy_url: "socks5://user:word@proxy.example:1080",
    });
  });

  it("refuses what cannot work before anything leaves, naming each field but no value", () => {
    const error = thrown(() =>
      encoded(sessions.create, {
        name: " ",
        phoneNumber: "call me",
        webhookUrl: "ftp://app.example",
        proxyUrl: "http://10.0.0.1:80",
      }),
    );
    expect(error).toMatchObject({ code: "INPUT_INVALID", outcome: "not_attempted" });
    expect(Object.keys(error.fieldErrors ?? {})).toEqual(["name", "phoneNumber", "webhookUrl", "proxyUrl"]);
    expect(error.message).not.toMatch(/call me|10\.0\.0\.1/);
  });

  it("says the real name of an event that is never sent", () => {
    const error = thrown(() =>
      encoded(sessions.create, { name: "Shop", phoneNumber: "+15550100", webhookEvents: ["message.created"] }),
    );
    expect(error.fieldErrors?.["webhookEvents"]).toEqual(['"message.created" is never sent; "messages.received" is.']);
  });

  it.each([200, 201])("accepts %i", (status) => {
    expect(decoded(sessions.create, fixture("session-detail"), status)).toMatchObject({
      id: "1",
      status: "connected",
      createdAtMs: Date.parse("2025-04-01T12:00:00Z"),
    });
  });
});

describe("sessions.get and sessions.update", () => {
  it("keep the row as it came, also keys that no documentation knows", () => {
    const body = fixture("session-detail-leaky") as { readonly data: unknown };
    const session = decoded(sessions.get, body);
    expect(session.raw).toEqual(body.data);
    expect(session).not.toHaveProperty("webhookUrl");
    expect(session.createdAtMs).toBe(Date.parse("2025-04-01T12:00:00Z"));
  });

  it("teach the session's record its keys, settings and name", () => {
    const session = decoded(sessions.get, fixture("session-detail"));
    const learned = sessions.get.learn?.(session);
    expect(learned).toMatchObject({ name: "Shop", settings: { accountProtection: true, logMessages: true } });
    expect(Object.keys(learned?.secrets ?? {})).toEqual(["session_key", "webhook_secret"]);
  });

  it("send only what changes, and null to take the webhook away", () => {
    expect(wireBody(sessions.update, { id: "1", accountProtection: false })).toEqual({ account_protection: false });
    expect(wireBody(sessions.update, { id: "1", webhookUrl: null, webhookEvents: null })).toEqual({
      webhook_url: null,
      webhook_events: null,
    });
  });

  it("tell the warning that stands beside the data", () => {
    const body = {
      ...(fixture("session-detail") as object),
      warning: "WhatsApp session updated but failed to sync webhook settings: Connection error",
    };
    expect(decoded(sessions.update, body).warning).toMatch(/failed to sync/);
  });
});

describe("the session that an operation is for", () => {
  it("is the handle's own when none is named", () => {
    expect(encoded(sessions.get, {}, { remoteId: "7" }).params).toEqual({ id: "7" });
  });

  it("may be named as a number or text", () => {
    expect(encoded(sessions.get, { id: 7 }).params).toEqual({ id: "7" });
    expect(encoded(sessions.restart, { id: "7" }, { remoteId: "7" }).params).toEqual({ id: "7" });
  });

  it("must be named somewhere", () => {
    const all: readonly AnyOperation[] = [sessions.get, sessions.connect, sessions.remove, sessions.messageLogs];
    for (const operation of all) expect(thrown(() => operation.encode({}, {})).code).toBe("INPUT_INVALID");
  });

  it("cannot be another one than the handle's, whose record would learn its keys", () => {
    const teaching: readonly AnyOperation[] = [sessions.get, sessions.regenerateKey, sessions.update];
    for (const operation of teaching)
      expect(thrown(() => operation.encode({ id: "8" }, { remoteId: "7" })).code).toBe("INPUT_INVALID");
  });
});

describe("linking", () => {
  it("reads the three answers of connect in lower case", () => {
    expect(decoded(sessions.connect, fixture("connect-need-scan"))).toEqual({
      status: "need_scan",
      qrCode: "2@made-up,first,code,=",
    });
    expect(decoded(sessions.connect, fixture("connect-connected"))).toEqual({ status: "connected" });
    expect(decoded(sessions.connect, fixture("connect-need-passkey"))).toEqual({
      status: "need_passkey",
      passkey: { token: "made-up-passkey-token", expiresAtMs: Date.parse("2026-08-21T12:02:00Z"), lifetimeMs: 120_000 },
    });
  });

  it("tells no lifetime when our clock is ahead of the expiry", () => {
    const body = { data: { token: "made-up", expires_at: "2020-01-01T00:00:00Z" } };
    expect(decoded(sessions.passkeyToken, body)).not.toHaveProperty("lifetimeMs");
  });

  it("sends the assertion of a passkey as documented, with its own token in place of a credential", () => {
    const response = { clientDataJSON: "a", authenticatorData: "b", signature: "c", userHandle: "d" };
    expect(sessions.respondToPasskey.credential).toBe("none");
    expect(
      wireBody(sessions.respondToPasskey, {
        token: "t",
        requestId: "r",
        credential: { id: "i", rawId: "w", response },
      }),
    ).toEqual({
      token: "t",
      requestId: "r",
      credential: { id: "i", rawId: "w", type: "public-key", response },
    });
    expect(decoded(sessions.respondToPasskey, { success: true, status: "prologue_sent" })).toEqual({
      status: "prologue_sent",
    });
  });

  it("replaces a key only for those who say that the old one dies", () => {
    for (const input of [{}, { oldKeyDies: false }, { oldKeyDies: "yes" }])
      expect(thrown(() => encoded(sessions.regenerateKey, input as never, { remoteId: "1" }))).toMatchObject({
        code: "INPUT_INVALID",
        outcome: "not_attempted",
        fieldErrors: { oldKeyDies: [expect.any(String)] },
      });
    expect(encoded(sessions.regenerateKey, { oldKeyDies: true }, { remoteId: "1" })).toEqual({ params: { id: "1" } });
  });

  it("reads a replaced key from the top level and teaches it to the record", () => {
    const output = decoded(sessions.regenerateKey, { success: true, api_key: "b2".repeat(32) });
    expect(sessions.regenerateKey.learn?.(output)).toEqual({ secrets: { session_key: "b2".repeat(32) } });
  });

  it("names what is missing from an answer, without repeating what is there", () => {
    const error = thrown(() => sessions.qrCode.decode(answered(200, { success: true, data: { qr: "2@secret" } })));
    expect(error).toMatchObject({ code: "RESPONSE_MALFORMED", outcome: "unknown" });
    expect(error.message).toContain("data.qrCode");
    expect(error.message).not.toContain("2@secret");
  });
});

describe("logs", () => {
  it("reads a page of messages: text ids, JSON inside a string, times without a zone as UTC", () => {
    const page = decoded(sessions.messageLogs, fixture("message-logs"));
    expect(page).toMatchObject({ page: 1, perPage: 10, total: 42, lastPage: 5 });
    expect(page.items[0]).toMatchObject({
      id: "1001",
      sessionId: "501",
      content: { text: "hello" },
      status: "sent",
      createdAtMs: Date.parse("2023-10-27T10:30:15Z"),
    });
  });

  it("reads a row without recipient and content, as they are while logging is off", () => {
    const row = decoded(sessions.messageLogs, fixture("message-logs")).items[1];
    expect(row).not.toHaveProperty("to");
    expect(row).not.toHaveProperty("content");
    expect(row?.failedReason).toBe("Failed to send message");
  });

  it("asks for a page and a status under the documented names", () => {
    expect(encoded(sessions.messageLogs, { id: 5, page: 2, perPage: 50, status: "failed" }).query).toEqual({
      page: 2,
      per_page: 50,
      status: "failed",
    });
  });

  it("reads a page of session events", () => {
    expect(decoded(sessions.sessionLogs, fixture("session-logs")).items).toMatchObject([
      { id: "9", eventType: "status_change", status: "connected", occurredAtMs: Date.parse("2025-09-23T12:00:00Z") },
      { id: "8", eventType: "session_restarted" },
    ]);
  });
});
