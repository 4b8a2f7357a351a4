import { describe, expect, it } from "vitest";
import { wasenderRoutes } from "../src/index.js";
import { useStage } from "./support/stage.js";

describe("tokens", () => {
  const stage = useStage();

  it("refuses a PAT, a dead key and a missing token on session routes with the framework's envelope", async () => {
    const { api } = stage;
    const invalid = { success: false, message: "Invalid API key" };
    expect(await api("GET", "/status")).toMatchObject({ status: 401, body: invalid });
    expect(await api("GET", "/status", undefined, "dead")).toMatchObject({ status: 401, body: invalid });
    const none = await api("GET", "/status", undefined, null);
    expect(none).toMatchObject({ status: 401, body: { success: false, message: "API key is required" } });
  });

  it("refuses a session key and a missing token on PAT routes", async () => {
    const { api } = stage;
    const { apiKey } = await stage.session();
    const refusal = { status: 401, body: { success: false, message: "Unnotarized" } };
    expect(await api("GET", "/whatsapp-sessions", undefined, apiKey)).toMatchObject(refusal);
    expect(await api("GET", "/whatsapp-sessions", undefined, null)).toMatchObject(refusal);
  });

  it("knows a revoked PAT no more, while session keys live on", async () => {
    const { api, emulator } = stage;
    const { apiKey } = await stage.session();
    emulator.wasender.scenario("token-revoked");
    expect((await api("GET", "/auth-check")).body).toEqual({ success: false, message: "Unnotarized" });
    expect((await api("GET", "/status", undefined, apiKey)).status).toBe(200);
  });

  it("lets the old key die when a new one is made", async () => {
    const { api } = stage;
    const { id, apiKey } = await stage.session();
    const { body } = await api("POST", `/whatsapp-sessions/${id}/regenerate-key`);
    expect(body).toEqual({ success: true, api_key: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await api("GET", "/status", undefined, apiKey)).status).toBe(401);
    expect((await api("GET", "/status", undefined, body.api_key)).status).toBe(200);
  });

  it("guards every route of the table with its own kind of token", async () => {
    const { api } = stage;
    for (const { method, path, token } of wasenderRoutes) {
      const { status, body } = await api(
        method,
        path.replaceAll(/:\w+/g, "1"),
        method === "GET" ? undefined : {},
        "wrong",
      );
      if (token === "none") expect([path, status]).toEqual([path, 422]);
      else
        expect([path, status, body.message]).toEqual([path, 401, token === "pat" ? "Unnotarized" : "Invalid API key"]);
    }
    expect(wasenderRoutes).toHaveLength(49);
  });

  it("answers 404 as JSON to paths that do not exist, among them those that other clients invented", async () => {
    const { api } = stage;
    const { id, apiKey } = await stage.session();
    for (const path of [`/whatsapp-sessions/${id}/qr-code`, `/sessions/${id}/status`, "/nothing"]) {
      const { status, body } = await api("GET", path, undefined, apiKey);
      expect([path, status, body.success]).toEqual([path, 404, false]);
    }
    expect((await api("POST", `/whatsapp-sessions/${id}/regenerate-api-key`)).status).toBe(404);
    expect((await api("GET", "/whatsapp-sessions/99")).body).toEqual({
      success: false,
      error: "WhatsApp session not found.",
    });
  });

  it("refuses every use without a plan, each in its own words", async () => {
    const { api, emulator } = stage;
    const { id, apiKey } = await stage.session();
    emulator.wasender.set({ plan: "none" });
    const general = { success: false, message: "Active subscription or trial is required to use the API" };
    expect(await api("GET", "/contacts", undefined, apiKey)).toMatchObject({ status: 403, body: general });
    expect((await api("POST", `/whatsapp-sessions/${id}/connect`)).body).toEqual({
      success: false,
      error: "You need to have an active subscription to connect a WhatsApp session.",
    });
  });
});
