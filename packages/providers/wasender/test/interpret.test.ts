import type { InterpretContext, Observation, RemoteSignal, SessionState } from "@colloquy/core/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interpret, statusWords } from "../src/interpret.js";
import { manifest } from "../src/manifest.js";

const states: readonly SessionState[] = [
  "created",
  "connecting",
  "pairing",
  "waiting",
  "connected",
  "reconnecting",
  "closing",
  "suspended",
  "unlinked",
  "completed",
  "rejected",
  "expired",
  "failed",
  "terminated",
];

const read = (
  word: string,
  state: SessionState,
  more: Partial<InterpretContext> = {},
  signal: Partial<RemoteSignal> = {},
): readonly Observation[] =>
  interpret({ source: "probe", word, ...signal }, { state, intent: "online", pairing: state === "pairing", ...more });

const identity = { id: "+15550100" };
const challenge = { kind: "qr", artefact: "2@made-up" };

describe("what Wasender's words mean", () => {
  it("takes `disconnected` of a session that was never opened for its birth, not for a loss", () => {
    expect(read("disconnected", "created")).toEqual([]);
  });

  it("takes `disconnected` while closing for the acknowledgement of the logout", () => {
    expect(read("disconnected", "closing")).toEqual([{ type: "logoutAck" }]);
  });

  it.each(["connected", "connecting", "pairing", "reconnecting"] as const)(
    "takes `disconnected` in %s for a lost connection that may come back",
    (state) => {
      expect(read("disconnected", state)).toEqual([
        { type: "dropped", cause: { class: "transient", reason: "transport" } },
      ]);
    },
  );

  it("lets `connecting` degrade a connected session and say nothing otherwise", () => {
    expect(read("connecting", "connected")).toMatchObject([
      { type: "healthChanged", health: { status: "degraded", signals: ["provider_connecting"] } },
    ]);
    for (const state of states.filter((other) => other !== "connected")) expect(read("connecting", state)).toEqual([]);
  });

  it("passes the code of `need_scan` on, with or without somebody pairing", () => {
    expect(read("need_scan", "connecting", { pairing: true }, { challenge })).toEqual([
      { type: "challengeIssued", challenge },
    ]);
    expect(read("need_scan", "connected", {}, { challenge })).toEqual([{ type: "challengeIssued", challenge }]);
  });

  it("waits for the code when somebody is pairing, and asks for pairing at once when nobody is", () => {
    expect(read("need_scan", "connecting", { pairing: true })).toEqual([]);
    expect(read("need_scan", "connected", { pairing: false })).toEqual([
      { type: "challengeIssued", challenge: { kind: "qr", artefact: "" } },
    ]);
    expect(read("need_passkey", "reconnecting", { pairing: false })).toEqual([
      { type: "challengeIssued", challenge: { kind: "passkey", artefact: "" } },
    ]);
  });

  it("opens on `connected` with the proven identity", () => {
    for (const state of ["created", "connecting", "pairing", "reconnecting", "unlinked", "suspended"] as const)
      expect(read("connected", state, {}, { identity })).toEqual([{ type: "opened", identity }]);
  });

  it("calls a connected session well again when it is proven anew", () => {
    expect(read("connected", "connected", {}, { identity })).toEqual([
      { type: "opened", identity },
      { type: "healthChanged", health: { status: "ok", signals: [] } },
    ]);
  });

  it.each(["created", "connecting", "pairing", "reconnecting"] as const)(
    "does not open on a webhook's `connected` in %s, which does not say whose phone it was",
    (state) => {
      expect(read("connected", state, {}, { source: "event" })).toEqual([{ type: "paired" }]);
    },
  );

  it("unlinks on `logged_out` and on `expired`, each with its reason", () => {
    expect(read("logged_out", "connected")).toEqual([{ type: "unlinked", reason: "logged_out" }]);
    expect(read("expired", "connected")).toEqual([{ type: "unlinked", reason: "credentials_expired" }]);
  });

  it("gives `TIMEOUT` two meanings: an expired code while pairing, a lost connection otherwise", () => {
    expect(read("TIMEOUT", "pairing")).toEqual([{ type: "challengeExpired" }]);
    expect(read("TIMEOUT", "connected")).toEqual([
      { type: "dropped", cause: { class: "transient", reason: "timeout" } },
    ]);
  });

  it("bounds the retries of `PROXY_ERROR` and `ERROR`, and says what to do about the proxy", () => {
    expect(read("PROXY_ERROR", "connected")).toMatchObject([
      { type: "dropped", cause: { class: "bounded", reason: "proxy", userAction: expect.stringContaining("proxy") } },
    ]);
    expect(read("ERROR", "connected")).toEqual([{ type: "dropped", cause: { class: "bounded", reason: "unknown" } }]);
  });

  it("keeps a session connected but degraded while its phone is offline", () => {
    const degraded = { type: "healthChanged", health: { status: "degraded", signals: ["device_offline"] } };
    expect(read("DEVICE_OFFLINE", "connected")).toMatchObject([{ type: "opened" }, degraded]);
    expect(read("DEVICE_OFFLINE", "reconnecting")).toMatchObject([degraded]);
  });

  it("ends on the words for a deleted session", () => {
    expect(read("deleted", "closing")).toEqual([{ type: "remoteClosed" }]);
    expect(read("not_found", "closing")).toEqual([{ type: "notFound" }]);
  });

  it("reads every word without regard to case, as connect writes capitals and everything else does not", () => {
    for (const word of statusWords)
      for (const state of states) expect(read(word.toUpperCase(), state)).toEqual(read(word, state));
  });

  it("reports a word it does not know as it was spelled", () => {
    expect(read("QR_Ready", "connecting")).toEqual([{ type: "unknownStatus", word: "QR_Ready" }]);
    expect(read("constructor", "connecting")).toEqual([{ type: "unknownStatus", word: "constructor" }]);
  });

  it("knows every word that the manifest promises, in every state", () => {
    expect(manifest.statusWords).toEqual(statusWords);
    for (const word of manifest.statusWords)
      for (const state of states) expect(read(word, state).some(({ type }) => type === "unknownStatus")).toBe(false);
  });

  it("never throws, whatever the word", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...states), fc.boolean(), (word, state, pairing) => {
        expect(Array.isArray(read(word, state, { pairing }))).toBe(true);
      }),
    );
  });
});
