import type { SessionContext } from "@colloquy/core/contract";
import { describe, expect, it } from "vitest";
import { pairingFacet, respondToChallenge } from "../../src/facets/pairing.js";
import { answered, drive, fixture, thrown } from "../support/wire.js";

const context: SessionContext = { sessionId: "ses_1", remoteId: "1", settings: {} };
const pairing = pairingFacet(undefined);
const status = (word: string) => answered(200, { status: word });
const assertion = {
  id: "i",
  rawId: "w",
  type: "public-key",
  response: { clientDataJSON: "a", authenticatorData: "b", signature: "c" },
};
const accepted = answered(200, { success: true, status: "prologue_sent" });

describe("refreshing a challenge", () => {
  it("fetches the code on show", () => {
    const { result, requests } = drive(pairing.refresh(context), [
      status("need_scan"),
      answered(200, { data: { qrCode: "2@made-up,fresh" } }),
    ]);
    expect(requests).toEqual(["GET /status", "GET /whatsapp-sessions/1/qrcode"]);
    expect(result.challenge).toEqual({ kind: "qr", artefact: "2@made-up,fresh" });
  });

  it("follows a passkey that fell back to a code", () => {
    const byPasskey = pairingFacet("passkey");
    expect(
      drive(byPasskey.refresh(context), [status("need_scan"), answered(200, { data: { qrCode: "2@made-up" } })]).result
        .challenge?.kind,
    ).toBe("qr");
    expect(
      drive(byPasskey.refresh(context), [status("need_passkey"), answered(200, { data: { token: "t" } })]).result
        .challenge,
    ).toEqual({ kind: "passkey", artefact: "t" });
  });

  it.each(["expired", "disconnected", "logged_out"])("begins again when the last attempt ended as %s", (word) => {
    const { result, requests } = drive(pairing.refresh(context), [
      status(word),
      answered(200, fixture("connect-need-scan")),
    ]);
    expect(requests).toEqual(["GET /status", "POST /whatsapp-sessions/1/connect"]);
    expect(result.challenge?.artefact).toBe("2@made-up,first,code,=");
  });

  it("asks for nothing new when somebody has just scanned", () => {
    expect(drive(pairing.refresh(context), [status("connecting")])).toMatchObject({
      requests: ["GET /status"],
      result: { word: "connecting" },
    });
  });
});

describe("answering a passkey challenge", () => {
  it("takes the browser's credential and fetches the token and request that belong to it", () => {
    const { result, requests, bodies } = drive(respondToChallenge(context, assertion), [
      answered(200, { data: { token: "t", requestId: "r" } }),
      accepted,
    ]);
    expect(requests).toEqual(["GET /whatsapp-sessions/1/passkey-token", "POST /passkey/response"]);
    expect(bodies[1]).toMatchObject({ token: "t", requestId: "r", credential: { id: "i", rawId: "w" } });
    expect(result).toEqual({ source: "reply", word: "prologue_sent" });
  });

  it("fetches nothing when both are given", () => {
    expect(
      drive(respondToChallenge(context, { credential: assertion, token: "t", requestId: "r" }), [accepted]).requests,
    ).toEqual(["POST /passkey/response"]);
  });

  it("lets what is given win over what is fetched", () => {
    const { bodies } = drive(respondToChallenge(context, { credential: assertion, requestId: "mine" }), [
      answered(200, { data: { token: "t", requestId: "r" } }),
      accepted,
    ]);
    expect(bodies[1]).toMatchObject({ token: "t", requestId: "mine" });
  });

  it("refuses what is no credential, and a request that nobody can name", () => {
    expect(thrown(() => drive(respondToChallenge(context, { code: "123" }), [])).code).toBe("INPUT_INVALID");
    expect(
      thrown(() => drive(respondToChallenge(context, assertion), [answered(200, { data: { token: "t" } })]))
        .fieldErrors,
    ).toHaveProperty("requestId");
  });
});
