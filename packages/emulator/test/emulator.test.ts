import { describe, expect, it } from "vitest";
import { startEmulator } from "../src/index.js";
import { apiClient } from "./support/api-client.js";

const settings = { name: "Shop", phone_number: "+15550100", account_protection: true, log_messages: true };

describe("the emulator", () => {
  it("makes the same keys and codes from the same seed, and others from another", async () => {
    const make = async (seed: number): Promise<unknown> => {
      const emulator = await startEmulator({ seed });
      const api = apiClient(emulator);
      const { api_key } = (await api("POST", "/whatsapp-sessions", settings)).body.data;
      const { qrCode } = (await api("POST", "/whatsapp-sessions/1/connect")).body.data;
      await emulator.close();
      return { api_key, qrCode };
    };
    const first = await make(7);
    expect(await make(7)).toEqual(first);
    expect(await make(8)).not.toEqual(first);
  });

  it("listens on loopback, at the port that it is told", async () => {
    const free = await startEmulator();
    const port = Number(new URL(free.url).port);
    expect(free.url).toBe(`http://127.0.0.1:${port}`);
    await expect(startEmulator({ port })).rejects.toThrow("EADDRINUSE");
    await free.close();
    const again = await startEmulator({ port });
    expect(again.wasender.baseUrl).toBe(`http://127.0.0.1:${port}/wasender/api`);
    await again.close();
  });

  it("closes at once, though a request hangs and timers are set", async () => {
    const emulator = await startEmulator({ wasender: { dials: { latencyMs: 60_000 } } });
    const pending = apiClient(emulator)("GET", "/auth-check").catch((error: unknown) => error);
    while (emulator.wasender.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await emulator.close();
    expect(await pending).toBeInstanceOf(Error);
  });

  it("forgets everything on reset and starts its numbers over", async () => {
    const emulator = await startEmulator({ wasender: { personalAccessTokens: ["one", "two"], sessionLimit: 5 } });
    const api = apiClient(emulator);
    const first = await api("POST", "/whatsapp-sessions", settings, "two");
    emulator.wasender.set({ tokenRevoked: true });
    emulator.wasender.reset();
    expect(emulator.wasender).toMatchObject({ sessions: [], requests: [], refusals: 0, sent: [], deliveries: [] });
    expect(emulator.wasender.dials).toMatchObject({ tokenRevoked: false, sessionLimit: 5 });
    expect((await api("POST", "/whatsapp-sessions", settings)).body).toMatchObject({
      data: { id: 1, api_key: first.body.data.api_key },
    });
    await emulator.close();
  });

  it("refuses options that make no sense, and leaves no port open", async () => {
    await expect(startEmulator({ wasender: { scenario: "storm" } })).rejects.toThrow(/No scenario "storm"/);
    await expect(startEmulator({ wasender: { dials: { wind: 1 } as never } })).rejects.toThrow(TypeError);
  });
});
