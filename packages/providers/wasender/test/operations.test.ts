import type { AnyOperation } from "@colloquy/core/contract";
import { filledPath } from "@colloquy/core/testing";
import { describe, expect, it } from "vitest";
import { operations } from "../src/operations.js";

const table: readonly (readonly [name: string, operation: AnyOperation])[] = Object.entries(operations).flatMap(
  ([noun, verbs]) =>
    Object.entries(verbs as Readonly<Record<string, AnyOperation>>).map(
      ([verb, operation]) => [`${noun}.${verb}`, operation] as const,
    ),
);

/** The routes of the documentation, as of August 2026. */
const documented = `
GET /whatsapp-sessions · POST /whatsapp-sessions · GET /whatsapp-sessions/{} · PUT /whatsapp-sessions/{} · DELETE /whatsapp-sessions/{}
POST /whatsapp-sessions/{}/connect · GET /whatsapp-sessions/{}/qrcode · GET /whatsapp-sessions/{}/passkey-token
POST /passkey/response · POST /whatsapp-sessions/{}/disconnect · POST /whatsapp-sessions/{}/restart
POST /whatsapp-sessions/{}/regenerate-key · GET /whatsapp-sessions/{}/message-logs · GET /whatsapp-sessions/{}/session-logs
GET /auth-check · GET /status · GET /user · POST /send-presence-update · GET /on-whatsapp/{} · GET /fetch-username/{}
GET /lid-from-pn/{} · GET /pn-from-lid/{} · POST /send-message · PUT /messages/{} · DELETE /messages/{} · GET /messages/{}/info
POST /messages/{}/resend · POST /messages/read · POST /upload · POST /decrypt-media
GET /contacts · GET /contacts/{} · GET /contacts/{}/picture · POST /contacts/{}/block · POST /contacts/{}/unblock · PUT /contacts
GET /groups · POST /groups · GET /groups/{}/metadata · GET /groups/{}/participants · POST /groups/{}/participants/add
POST /groups/{}/participants/remove · PUT /groups/{}/participants/update · PUT /groups/{}/settings · GET /groups/{}/picture
GET /groups/{}/invite-link · GET /groups/invite/{} · POST /groups/invite/accept · POST /groups/{}/leave`
  .split(/[·\n]/)
  .map((route) => route.trim())
  .filter((route) => route !== "");

describe("the table of operations", () => {
  it("holds every documented route and no other", () => {
    const routes = new Set(table.map(([, { method, path }]) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`));
    expect([...routes].toSorted()).toEqual([...documented].toSorted());
  });

  it.each(table)("names %s by its place in the tree", (name, operation) => {
    expect(operation.name).toBe(name);
    expect(operation.summary).toMatch(/^[A-Z].*\.$/);
  });

  it("carries the access token for the account's sessions and the session key for everything else", () => {
    for (const [name, { path, credential }] of table) {
      const expected =
        path.startsWith("/whatsapp-sessions") || path === "/auth-check" ? "personal_access_token" : "session_key";
      expect([name, credential]).toEqual([name, path === "/passkey/response" ? "none" : expected]);
    }
  });

  it("may always repeat reading, replacing and deleting, and never what could happen twice", () => {
    for (const [name, { method, repeatable }] of table)
      if (method !== "POST") expect([name, repeatable]).toEqual([name, "always"]);
    const once = table.filter(([, { repeatable }]) => repeatable === "never").map(([name]) => name);
    expect(once.toSorted()).toEqual([
      "groups.add",
      "groups.create",
      "messages.resend",
      "messages.send",
      "sessions.create",
      "sessions.regenerateKey",
      "sessions.respondToPasskey",
      "sessions.restart",
    ]);
  });

  it("fills each place of a path with one encoded piece, whatever the text", () => {
    const hostile = "+1 2/3?x=1&y#z%..\\";
    const path = filledPath(operations.contacts.get, operations.contacts.get.encode({ contact: hostile }, {}));
    expect(path.split("/")).toHaveLength(3);
    expect(path).not.toMatch(/[?# &\\]/);
    expect(decodeURIComponent(path.slice("/contacts/".length))).toBe(hostile);
  });
});
