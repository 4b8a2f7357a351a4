import { describe, expect, it } from "vitest";
import { useStage } from "./support/stage.js";

describe("pairing by QR", () => {
  const stage = useStage();

  it("shows a raw pairing string with an upper-case word, and becomes connected after a scan", async () => {
    const { api, emulator, clock } = stage;
    const { id, apiKey } = await stage.session();
    expect(stage.view(id).status).toBe("disconnected");

    const connect = await api("POST", `/whatsapp-sessions/${id}/connect`);
    expect(connect.body).toEqual({
      success: true,
      data: { status: "NEED_SCAN", qrCode: expect.stringMatching(/^2@[A-Za-z0-9+/=]+(,[A-Za-z0-9+/=]+){3}$/) },
    });
    expect((await api("GET", "/status", undefined, apiKey)).body).toEqual({ status: "need_scan" });
    expect((await api("GET", `/whatsapp-sessions/${id}/qrcode`)).body.data).toEqual({
      qrCode: connect.body.data.qrCode,
    });

    emulator.wasender.scan(id);
    expect((await api("GET", "/status", undefined, apiKey)).body).toEqual({ status: "connecting" });
    clock.advance(299);
    expect((await api("GET", "/status", undefined, apiKey)).body).toEqual({ status: "connecting" });
    clock.advance(1);
    expect((await api("GET", "/status", undefined, apiKey)).body).toEqual({ status: "connected" });
    const user = await api("GET", "/user", undefined, apiKey);
    expect(user.body.data).toEqual({
      id: "15550100:12@s.whatsapp.net",
      name: "Shop",
      lid: expect.stringMatching(/^\d{15}@lid$/),
    });
  });

  it("replaces a code after its lifetime and tells the webhook under the key qr", async () => {
    const { api, receiver } = stage;
    const { id } = await stage.session();
    const first = (await api("POST", `/whatsapp-sessions/${id}/connect`)).body.data.qrCode;
    await stage.pass(44_999);
    expect(stage.view(id).qrCode).toBe(first);
    await stage.pass(1);
    const second = (await api("GET", `/whatsapp-sessions/${id}/qrcode`)).body.data.qrCode;
    expect(second).not.toBe(first);
    expect(receiver.received.at(-1)).toMatchObject({ event: "qrcode.updated", data: { qr: second } });
  });

  it("expires after five fresh codes that nobody scanned, and starts over with the next connect", async () => {
    const { api, emulator } = stage;
    const { id } = await stage.session();
    await api("POST", `/whatsapp-sessions/${id}/connect`);
    await stage.pass(6 * 45_000 - 1);
    expect(stage.view(id).status).toBe("need_scan");
    await stage.pass(1);
    expect(stage.view(id).status).toBe("expired");
    expect((await api("GET", `/whatsapp-sessions/${id}/qrcode`)).body).toEqual({
      success: false,
      error: "Failed to get QR code. Please connect the session again.",
    });
    expect(() => emulator.wasender.scan(id)).toThrow(/shows no QR code/);
    expect((await api("POST", `/whatsapp-sessions/${id}/connect`)).body.data.status).toBe("NEED_SCAN");
  });

  it("answers CONNECTED without a code while connecting or connected", async () => {
    const { api, emulator } = stage;
    const { id } = await stage.session();
    await api("POST", `/whatsapp-sessions/${id}/connect`);
    emulator.wasender.scan(id);
    const answer = {
      success: true,
      data: { status: "CONNECTED", message: "Session already initialized or connecting. No QR code needed." },
    };
    expect((await api("POST", `/whatsapp-sessions/${id}/connect`)).body).toEqual(answer);
    await stage.pass(300);
    expect((await api("POST", `/whatsapp-sessions/${id}/connect`)).body).toEqual(answer);
  });

  it("keeps a fresh code when connect is called again, and has none before connect", async () => {
    const { api } = stage;
    const { id } = await stage.session();
    expect((await api("GET", `/whatsapp-sessions/${id}/qrcode`)).body).toMatchObject({ success: false });
    const first = await api("POST", `/whatsapp-sessions/${id}/connect`);
    const second = await api("POST", `/whatsapp-sessions/${id}/connect`);
    expect(second.body.data.qrCode).toBe(first.body.data.qrCode);
  });

  it("links whichever phone scans, so that /user tells a wrong one", async () => {
    const { api, emulator } = stage;
    const { id, apiKey } = await stage.session();
    await api("POST", `/whatsapp-sessions/${id}/connect`);
    emulator.wasender.scan(id, { phoneNumber: "+1 555 0199" });
    await stage.pass(300);
    expect((await api("GET", "/user", undefined, apiKey)).body.data.id).toBe("15550199:12@s.whatsapp.net");
    expect(stage.view(id)).toMatchObject({ phoneNumber: "+15550100", linkedAs: "15550199" });
  });

  it("scans by itself when the dial says so, once per connect, unless nobody scans", async () => {
    const { api, emulator } = stage;
    emulator.wasender.set({ scanAfterMs: 1_000 });
    const { id } = await stage.session();
    await api("POST", `/whatsapp-sessions/${id}/connect`);
    await stage.pass(1_300);
    expect(stage.view(id).status).toBe("connected");

    emulator.wasender.set({ nobodyScans: true });
    const other = await stage.session();
    await api("POST", `/whatsapp-sessions/${other.id}/connect`);
    await stage.pass(5_000);
    expect(stage.view(other.id).status).toBe("need_scan");
  });

  it("tells every status by webhook in lower case, with the key as sessionId and the secret as signature", async () => {
    const { api, emulator, receiver } = stage;
    const { id, apiKey, webhookSecret } = await stage.session();
    await api("POST", `/whatsapp-sessions/${id}/connect`);
    emulator.wasender.scan(id);
    await stage.pass(300);
    const statuses = receiver.received.filter(({ event }) => event === "session.status");
    expect(statuses.map(({ data }) => data)).toEqual(
      ["connecting", "need_scan", "connecting", "connected"].map((status) => ({ status })),
    );
    expect(statuses.every(({ sessionId, signature }) => sessionId === apiKey && signature === webhookSecret)).toBe(
      true,
    );
    expect(statuses.at(-1)?.timestamp).toBe(Math.floor(stage.clock.now() / 1000));
  });
});

describe("pairing by passkey", () => {
  const stage = useStage();
  const credential = {
    id: "a",
    rawId: "a",
    type: "public-key",
    response: { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA", userHandle: null },
  };

  it("asks for a passkey, takes the answer without a token, and connects", async () => {
    const { api, receiver } = stage;
    const { id } = await stage.session();
    const connect = await api("POST", `/whatsapp-sessions/${id}/connect`, { linkMethod: "passkey" });
    expect(connect.body.data).toEqual({
      status: "NEED_PASSKEY",
      passkey: { token: expect.any(String), expires_at: "2026-08-21T12:02:00Z" },
    });
    expect(stage.view(id).status).toBe("need_passkey");
    const { token, requestId } = (await api("GET", `/whatsapp-sessions/${id}/passkey-token`)).body.data;
    const wrong = await api("POST", "/passkey/response", { token: "x", requestId, credential }, null);
    expect(wrong.body.success).toBe(false);
    const right = await api("POST", "/passkey/response", { token, requestId, credential }, null);
    expect(right.body).toEqual({ success: true, status: "prologue_sent" });
    await stage.pass(300);
    expect(stage.view(id).status).toBe("connected");
    const stages = receiver.received.filter(({ event }) => event === "passkey.updated");
    expect(stages.map(({ data }) => (data as { stage: string }).stage)).toEqual(["request", "confirmation"]);
  });

  it("falls back to a QR code when the passkey is not answered in time", async () => {
    const { api } = stage;
    const { id } = await stage.session();
    await api("POST", `/whatsapp-sessions/${id}/connect`, { linkMethod: "passkey" });
    await stage.pass(120_000);
    expect(stage.view(id)).toMatchObject({ status: "need_scan", qrCode: expect.stringMatching(/^2@/) });
  });
});
