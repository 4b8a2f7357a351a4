import { describe, expect, it } from "vitest";
import { useStage } from "./support/stage.js";

const settings = { name: "Shop", phone_number: "+15550100", account_protection: true, log_messages: true };

describe("session objects", () => {
  const stage = useStage();

  it("carry their secrets in the detail and not in the list", async () => {
    const { api } = stage;
    const created = await api("POST", "/whatsapp-sessions", settings);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      success: true,
      data: {
        id: 1,
        name: "Shop",
        phone_number: "+15550100",
        status: "disconnected",
        account_protection: true,
        log_messages: true,
        read_incoming_messages: false,
        webhook_url: null,
        webhook_enabled: false,
        webhook_events: null,
        api_key: expect.stringMatching(/^[0-9a-f]{64}$/),
        webhook_secret: expect.stringMatching(/^[0-9a-f]{32}$/),
        created_at: "2026-08-21T12:00:00Z",
        updated_at: "2026-08-21T12:00:00Z",
      },
    });
    expect((await api("GET", "/whatsapp-sessions/1")).body).toEqual(created.body);
    const { api_key: _key, webhook_secret: _secret, ...row } = created.body.data;
    expect((await api("GET", "/whatsapp-sessions")).body).toEqual({ success: true, data: [row] });
  });

  it("are refused with Laravel's bag of complaints when they are incomplete or wrong", async () => {
    const { api } = stage;
    const { status, body } = await api("POST", "/whatsapp-sessions", {
      phone_number: "shop",
      account_protection: "maybe",
      webhook_url: "nowhere",
      proxy_url: "http://10.0.0.1:8080",
    });
    expect(status).toBe(422);
    expect(body).toEqual({
      success: false,
      message: "Validation failed",
      errors: {
        name: ["The name field is required."],
        phone_number: ["The phone number field format is invalid."],
        account_protection: ["The account protection field must be true or false."],
        log_messages: ["The log messages field is required."],
        webhook_url: ["The webhook url field must be a valid URL."],
        proxy_url: ["The proxy url field must use a public domain name."],
      },
    });
    expect((await api("POST", "/whatsapp-sessions", "{not json")).status).toBe(422);
  });

  it("stop at the session limit", async () => {
    const { api, emulator } = stage;
    emulator.wasender.set({ sessionLimit: 1 });
    await api("POST", "/whatsapp-sessions", settings);
    expect(await api("POST", "/whatsapp-sessions", settings)).toMatchObject({
      status: 403,
      body: {
        success: false,
        error: "You have reached your WhatsApp session limit. Please upgrade your plan to add more sessions.",
      },
    });
  });

  it("are updated in part, with a warning beside the data when the webhook could not be synced", async () => {
    const { api, emulator } = stage;
    const { id } = await stage.connected();
    emulator.wasender.set({ webhookSyncFails: true });
    const renamed = await api("PUT", `/whatsapp-sessions/${id}`, { name: "Other" });
    expect(renamed.body).toMatchObject({ success: true, data: { id, name: "Other", phone_number: "+15550100" } });
    expect(renamed.body.warning).toBeUndefined();
    const hooked = await api("PUT", `/whatsapp-sessions/${id}`, { webhook_url: null });
    expect(hooked.body).toMatchObject({ data: { webhook_url: null } });
    expect(hooked.body.warning).toBe("WhatsApp session updated but failed to sync webhook settings: Connection error");
  });

  it("are deleted with an empty 204, and their key dies", async () => {
    const { api } = stage;
    const { id, apiKey } = await stage.session();
    const deleted = await api("DELETE", `/whatsapp-sessions/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect((await api("GET", `/whatsapp-sessions/${id}`)).status).toBe(404);
    expect((await api("GET", "/status", undefined, apiKey)).status).toBe(401);
  });

  it("show the undocumented shapes of live answers in the leaky scenario", async () => {
    const { api, emulator } = stage;
    emulator.wasender.scenario("leaky");
    const created = await api("POST", "/whatsapp-sessions", settings);
    expect(created.status).toBe(200);
    expect(created.body.data).toMatchObject({
      user_id: 1,
      session_data: { status_updated_at: "2026-08-21T12:00:00Z", status_info: { status: "disconnected" } },
      last_active_at: null,
    });
    expect((await api("GET", "/whatsapp-sessions")).body.data[0].status).toBe("DISCONNECTED");
    expect((await api("DELETE", "/whatsapp-sessions/1")).body).toEqual({ success: true });
  });
});

describe("connections", () => {
  const stage = useStage();

  it("end with disconnect: the answer says disconnected, the row logged_out", async () => {
    const { api } = stage;
    const { id, apiKey } = await stage.connected();
    expect((await api("POST", `/whatsapp-sessions/${id}/disconnect`)).body).toEqual({
      success: true,
      data: { status: "disconnected", message: "WhatsApp session disconnected successfully" },
    });
    expect((await api("GET", `/whatsapp-sessions/${id}`)).body.data.status).toBe("logged_out");
    expect(await api("GET", "/contacts", undefined, apiKey)).toMatchObject({
      status: 400,
      body: {
        success: false,
        message: "Your Whatsapp Session is not connected please connect your session first.",
      },
    });
    expect((await api("POST", `/whatsapp-sessions/${id}/connect`)).body.data.status).toBe("NEED_SCAN");
  });

  it("restart only while connected", async () => {
    const { api } = stage;
    const { id } = await stage.connected();
    expect((await api("POST", `/whatsapp-sessions/${id}/restart`)).body).toEqual({
      success: true,
      message: "WhatsApp session restarted successfully.",
    });
    expect(stage.view(id).status).toBe("connecting");
    expect((await api("POST", `/whatsapp-sessions/${id}/restart`)).body).toEqual({
      success: false,
      error: "WhatsApp session is not connected. Cannot restart.",
    });
    await stage.pass(300);
    expect(stage.view(id).status).toBe("connected");
  });

  it("fall back to connecting without network, and come back with the messages that waited", async () => {
    const { emulator, receiver } = stage;
    const { id } = await stage.connected();
    emulator.wasender.dropNetwork(id);
    emulator.wasender.receive(id, { from: "+15550101", text: "are you there?" });
    await stage.pass(60_000);
    expect(stage.view(id)).toMatchObject({ status: "connecting", networkUp: false });
    emulator.wasender.restoreNetwork(id);
    await stage.pass(300);
    expect(stage.view(id).status).toBe("connected");
    expect(receiver.events()).toContain("messages.received");
  });

  it("are lost when the phone unlinks", async () => {
    const { emulator, receiver } = stage;
    const { id } = await stage.connected();
    emulator.wasender.unlink(id);
    await stage.pass(0);
    expect(stage.view(id)).toMatchObject({ status: "logged_out", linkedAs: null });
    expect(receiver.received.at(-1)?.data).toEqual({ status: "logged_out" });
    expect(() => emulator.wasender.unlink(id)).toThrow(/no phone linked/);
  });

  it("take any status word that is forced on them, and read out a sequence before the truth", async () => {
    const { api, emulator } = stage;
    const { id, apiKey } = await stage.connected();
    emulator.wasender.setStatus(id, "PROXY_ERROR");
    expect((await api("GET", "/status", undefined, apiKey)).body).toEqual({ status: "PROXY_ERROR" });
    emulator.wasender.setStatus(id, "connected");
    emulator.wasender.set({ statusSequence: ["connecting", "TIMEOUT"] });
    const words = [];
    for (let reads = 0; reads < 3; reads += 1) words.push((await api("GET", "/status", undefined, apiKey)).body.status);
    expect(words).toEqual(["connecting", "TIMEOUT", "connected"]);
  });
});
