import { get } from "node:http";
import { describe, expect, it } from "vitest";
import type { Json } from "./support/api-client.js";
import { useStage } from "./support/stage.js";

describe("the control API", () => {
  const stage = useStage();
  const control = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${stage.emulator.url}/control${path}`, {
      method,
      headers: { ...(method === "GET" ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };

  it("plays the phone: scan, message, network, unlink", async () => {
    const { api } = stage;
    const { id } = await stage.session();
    const act = (name: string, body: unknown = {}) => control("POST", `/wasender/sessions/${id}/${name}`, body);
    expect(await act("scan")).toMatchObject({ status: 400, body: { error: expect.stringContaining("no QR code") } });
    await api("POST", `/whatsapp-sessions/${id}/connect`);
    expect((await act("scan", { phoneNumber: "+15550199" })).body.session).toMatchObject({ status: "connecting" });
    await stage.pass(300);
    const { result } = (await act("receive", { from: "15550101", text: "hi" })).body;
    expect(result.id).toMatch(/^3EB0/);
    expect((await act("happen", { kind: "deletion", messageId: result.id })).status).toBe(200);
    expect((await act("happen", { kind: "dance" })).status).toBe(400);
    expect((await act("drop-network")).body.session.status).toBe("connecting");
    await act("restore-network");
    await stage.pass(300);
    expect((await act("status", { status: "DEVICE_OFFLINE" })).body.session.status).toBe("DEVICE_OFFLINE");
    expect((await act("unlink")).body.session).toMatchObject({ status: "logged_out", linkedAs: null });
    expect((await control("GET", "/wasender/inbound")).body).toMatchObject([{ text: "hi" }]);
  });

  it("reads how things stand and what happened, from a position on when asked", async () => {
    const { api, emulator } = stage;
    const { id, apiKey } = await stage.connected();
    await api("POST", "/send-message", { to: "+15550101", text: "hello" }, apiKey);
    const { body } = await control("GET", "/state");
    expect(body).toMatchObject({
      url: emulator.url,
      wasender: { scenario: "calm", sessions: [{ id }], sent: [{ text: "hello" }], counts: { sent: 1 } },
    });
    expect((await control("GET", "/wasender/sent")).body).toEqual(emulator.wasender.sent);
    const last = emulator.wasender.requests.length - 1;
    expect((await control("GET", `/wasender/requests?since=${last}`)).body).toMatchObject([{ path: "/send-message" }]);
    expect((await control("GET", "/wasender/deliveries")).body.length).toBeGreaterThan(0);
  });

  it("turns dials and scenarios, and refuses what it does not know", async () => {
    expect((await control("PUT", "/wasender/dials", { latencyMs: 0, createStatus: 200 })).body.createStatus).toBe(200);
    expect((await control("GET", "/wasender/dials")).body.createStatus).toBe(200);
    expect((await control("PUT", "/wasender/dials", { wind: 3 })).status).toBe(400);
    expect((await control("POST", "/wasender/scenario", { name: "deaf" })).body.deafConnection).toBe(true);
    expect((await control("POST", "/wasender/scenario", { name: "storm" })).body.error).toMatch(/No scenario "storm"/);
    expect((await control("GET", "/wasender/scenarios")).body.calm.description).toBe(
      "Everything works and a person scans.",
    );
    expect((await control("POST", "/wasender/reset", {})).body.wasender).toMatchObject({ scenario: "calm" });
  });

  it("keeps other sites out: loopback Host, own Origin, JSON", async () => {
    const { emulator } = stage;
    const scenario = (headers: Record<string, string>) =>
      control("POST", "/wasender/scenario", { name: "deaf" }, headers).then(({ status }) => status);
    expect(await scenario({ origin: "https://evil.example" })).toBe(403);
    expect(await scenario({ "content-type": "text/plain" })).toBe(415);
    expect(await scenario({ origin: emulator.url })).toBe(200);
    const rebound = await new Promise((resolve) => {
      get(`${emulator.url}/control/state`, { headers: { host: "evil.example" } }, ({ statusCode }) =>
        resolve(statusCode),
      );
    });
    expect(rebound).toBe(403);
  });

  it("draws the code on show as SVG, and the pages without anything from elsewhere", async () => {
    const { api, emulator } = stage;
    const { id } = await stage.session({ name: '<script>alert("1")</script>' });
    expect((await control("GET", `/wasender/sessions/${id}/qr.svg`)).status).toBe(404);
    await api("POST", `/whatsapp-sessions/${id}/connect`);
    const svg = await fetch(`${emulator.url}/control/wasender/sessions/${id}/qr.svg`);
    expect([svg.headers.get("content-type"), await svg.text()]).toEqual([
      "image/svg+xml",
      expect.stringMatching(/^<svg/),
    ]);
    for (const path of ["/", `/wasender/pair/${id}`]) {
      const page = await (await fetch(`${emulator.url}${path}`)).text();
      expect(page).toContain("&lt;script&gt;alert");
      expect(page).not.toContain("<script>alert");
      expect(page.match(/(?:src|href)="(?:https?:)?\/\//)).toBeNull();
      expect(page).toContain("<svg");
    }
    expect((await fetch(`${emulator.url}/wasender/pair/99`)).status).toBe(404);
  });
});
