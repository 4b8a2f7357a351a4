import { isColloquyError, type SessionContext } from "@colloquy/core/contract";
import { describe, expect, it } from "vitest";
import { wasender } from "../src/index.js";
import { logoutSession } from "../src/lifecycle.js";
import { answered, drive, fixture, thrown } from "./support/wire.js";

const provider = wasender({ personalAccessToken: "1|made-up" });
const context: SessionContext = { sessionId: "ses_1", remoteId: "1", settings: {} };
const user = answered(200, {
  success: true,
  data: { id: "15550100:12@s.whatsapp.net", name: "Shop", lid: "99000000000001@lid" },
});
const status = (word: string) => answered(200, { status: word });
const qr = answered(200, { success: true, data: { qrCode: "2@made-up,shown" } });
const gone = answered(404, { success: false, error: "WhatsApp session not found." });
const badKey = answered(401, { success: false, message: "Invalid API key" });

describe("creating and attaching", () => {
  it("takes keys, settings and the expected number from the answer of the creation", () => {
    const { result, requests, bodies } = drive(provider.create({ name: "Shop", phoneNumber: "+1 (555) 01-00" }), [
      answered(201, fixture("session-detail")),
    ]);
    expect(requests).toEqual(["POST /whatsapp-sessions"]);
    expect(bodies).toEqual([
      { name: "Shop", phone_number: "+15550100", account_protection: true, log_messages: false },
    ]);
    expect(result).toMatchObject({
      remoteId: "1",
      name: "Shop",
      settings: { accountProtection: true, logMessages: true },
      expectedIdentity: "+15550100",
    });
    expect(Object.keys(result.secrets)).toEqual(["session_key", "webhook_secret"]);
  });

  it("reads the session when the answer of the creation lacks the key", () => {
    const { requests } = drive(provider.create({ name: "Shop", phoneNumber: "+15550100" }), [
      answered(200, { success: true, data: { id: 1, status: "disconnected" } }),
      answered(200, fixture("session-detail")),
    ]);
    expect(requests).toEqual(["POST /whatsapp-sessions", "GET /whatsapp-sessions/1"]);
  });

  it("attaches by the id, and takes the number of the session for the expected one", () => {
    const { result, requests } = drive(provider.attach("7"), [answered(200, fixture("session-detail-leaky"))]);
    expect(requests).toEqual(["GET /whatsapp-sessions/7"]);
    expect(result).toMatchObject({
      remoteId: "7",
      expectedIdentity: "+15550111",
      settings: { accountProtection: false },
    });
  });

  it("refuses a detail without a key as malformed", () => {
    const error = thrown(() => drive(provider.attach("7"), [answered(200, { success: true, data: { id: 7 } })]));
    expect(error.code).toBe("RESPONSE_MALFORMED");
  });
});

describe("opening", () => {
  it("answers with the code to scan", () => {
    const { result, bodies } = drive(provider.open(context, { pairing: true }), [
      answered(200, fixture("connect-need-scan")),
    ]);
    expect(result).toEqual({
      source: "reply",
      word: "need_scan",
      challenge: { kind: "qr", artefact: "2@made-up,first,code,=" },
    });
    expect(bodies).toEqual([undefined]);
  });

  it("asks for a passkey when told to, and tells how long its request lasts", () => {
    const byPasskey = wasender({ personalAccessToken: "1|made-up", linkMethod: "passkey" });
    const { result, bodies } = drive(byPasskey.open(context, { pairing: true }), [
      answered(200, fixture("connect-need-passkey")),
    ]);
    expect(bodies).toEqual([{ linkMethod: "passkey" }]);
    expect(result.challenge).toEqual({ kind: "passkey", artefact: "made-up-passkey-token", lifetimeMs: 120_000 });
  });

  it("sends no link method when nobody is there to link", () => {
    const byPasskey = wasender({ personalAccessToken: "1|made-up", linkMethod: "passkey" });
    expect(
      drive(byPasskey.open(context, { pairing: false }), [
        answered(200, fixture("connect-connected")),
        status("connecting"),
      ]).bodies[0],
    ).toBeUndefined();
  });

  it("does not believe `CONNECTED`, which is also said while connecting", () => {
    const { result, requests } = drive(provider.open(context, { pairing: false }), [
      answered(200, fixture("connect-connected")),
      status("connecting"),
    ]);
    expect(requests).toEqual(["POST /whatsapp-sessions/1/connect", "GET /status"]);
    expect(result).toEqual({ source: "probe", word: "connecting" });
  });

  it("proves a connection by who is linked", () => {
    const { result } = drive(provider.open(context, { pairing: false }), [
      answered(200, fixture("connect-connected")),
      status("connected"),
      user,
    ]);
    expect(result).toEqual({
      source: "probe",
      word: "connected",
      identity: { id: "+15550100", aliases: ["15550100@s.whatsapp.net", "99000000000001@lid"], displayName: "Shop" },
    });
  });

  it("fetches the code when the answer asks for a scan without one", () => {
    const { result } = drive(provider.open(context, { pairing: true }), [
      answered(200, { success: true, data: { status: "NEED_SCAN" } }),
      qr,
    ]);
    expect(result.challenge?.artefact).toBe("2@made-up,shown");
  });
});

describe("probing", () => {
  it("is one cheap call while the session is not connected", () => {
    const { result, requests } = drive(provider.probe(context), [status("Connecting")]);
    expect(requests).toEqual(["GET /status"]);
    expect(result).toEqual({ source: "probe", word: "connecting" });
  });

  it("brings the code on show, so that pairing needs no webhook", () => {
    const { result } = drive(provider.probe(context), [status("need_scan"), qr]);
    expect(result).toEqual({
      source: "probe",
      word: "need_scan",
      challenge: { kind: "qr", artefact: "2@made-up,shown" },
    });
  });

  it("stays a plain word when no code is ready yet", () => {
    const notReady = answered(404, {
      success: false,
      error: "WhatsApp session is not initialized. Please connect the session first.",
    });
    expect(drive(provider.probe(context), [status("need_scan"), notReady]).result).toEqual({
      source: "probe",
      word: "need_scan",
    });
  });

  it("finds out that the session was deleted when its key is refused", () => {
    const { result, requests } = drive(provider.probe(context), [badKey, gone]);
    expect(requests).toEqual(["GET /status", "GET /whatsapp-sessions/1"]);
    expect(result.word).toBe("not_found");
  });

  it("reports the refused key when the session is still there", () => {
    const error = thrown(() => drive(provider.probe(context), [badKey, answered(200, fixture("session-detail"))]));
    expect(error.code).toBe("CREDENTIAL_REJECTED");
  });

  it("does not take a missing user for a deleted session", () => {
    const error = thrown(() => drive(provider.probe(context), [status("connected"), gone]));
    expect(error.code).toBe("RESPONSE_MALFORMED");
  });
});

describe("ending", () => {
  it.each([
    ["204", answered(204, undefined)],
    ["200 with success", answered(200, { success: true })],
    ["200 with null data", answered(200, { data: null })],
  ])("takes %s for a deleted session", (_name, response) => {
    expect(drive(provider.close(context), [response])).toMatchObject({
      requests: ["DELETE /whatsapp-sessions/1"],
      result: { word: "deleted" },
    });
  });

  it("is content when the session is already gone", () => {
    expect(drive(provider.close(context), [gone]).result).toEqual({ source: "reply", word: "not_found" });
  });

  it("does not take a wrong address for a deleted session", () => {
    const page = answered(404, "<html><body>Not Found</body></html>");
    const route = answered(404, { message: "The route api/v2/whatsapp-sessions/1 could not be found." });
    for (const response of [page, route])
      expect(thrown(() => drive(provider.close(context), [response])).code).toBe("RESPONSE_MALFORMED");
  });

  it("logs out by disconnecting", () => {
    const said = {
      success: true,
      data: { status: "disconnected", message: "WhatsApp session disconnected successfully" },
    };
    expect(drive(logoutSession(context), [answered(200, said)])).toMatchObject({
      requests: ["POST /whatsapp-sessions/1/disconnect"],
      result: { source: "reply", word: "disconnected" },
    });
  });

  it("counts a session that is not connected as logged out", () => {
    const down = answered(400, { success: false, error: "WhatsApp session is not connected." });
    expect(drive(logoutSession(context), [down]).result.word).toBe("logged_out");
  });

  it("lets other refusals through", () => {
    const run = () => drive(logoutSession(context), [answered(500, { message: "Server Error" })]);
    expect(run).toThrow(expect.toSatisfy(isColloquyError));
    expect(thrown(run).code).toBe("PROVIDER_UNAVAILABLE");
  });

  it("offers no pause, as disconnecting unlinks", () => {
    expect(provider.suspend).toBeUndefined();
    expect(provider.manifest.traits.disconnectUnpairs).toBe(true);
  });
});
