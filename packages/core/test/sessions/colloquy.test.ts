import { describe, expect, it } from "vitest";
import { createColloquy } from "../../src/sessions/colloquy.js";
import { memoryStore } from "../../src/store/memory.js";
import { referenceProvider } from "../../src/testing/index.js";
import { connectedSession, createStage } from "./stage.js";

describe("createColloquy", () => {
  it("refuses wrong options of a provider before any network, naming the option", () => {
    const provider = referenceProvider({ baseUrl: "not a url", personalAccessToken: "pat_made_up" });
    expect(() => createColloquy({ providers: [provider] })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", outcome: "not_attempted", fieldErrors: expect.any(Object) }),
    );
  });

  it("refuses two providers of one id", () => {
    const { provider } = createStage();
    expect(() => createColloquy({ providers: [provider, provider] })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });

  it("names the providers it knows when asked for another one", async () => {
    const stage = createStage();
    const colloquy = stage.colloquy();
    const create = colloquy.sessions.create as (id: string, input: object) => Promise<unknown>;
    await expect(create("telegraph", { name: "Shop" })).rejects.toMatchObject({
      code: "PROVIDER_UNKNOWN",
      message: expect.stringContaining("reference"),
    });
    expect(stage.backend.requests).toHaveLength(0);
  });

  it("says that a session is not in the store", async () => {
    await expect(createStage().colloquy().sessions.get("ses_gone")).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
    });
  });

  it("takes nothing more after shutdown", async () => {
    const stage = createStage();
    const colloquy = stage.colloquy();
    await colloquy.shutdown();
    await colloquy.shutdown();
    await expect(colloquy.sessions.create("reference", { name: "Shop" })).rejects.toMatchObject({ code: "SHUT_DOWN" });
  });
});

describe("sessions", () => {
  it("are attached once, however often they are attached", async () => {
    const stage = createStage();
    const first = stage.colloquy();
    const { remoteId } = await connectedSession(stage, first);
    const other = stage.colloquy({ store: memoryStore() });
    const attached = await other.sessions.attach("reference", remoteId as string);
    expect(attached.remoteId).toBe(remoteId);
    expect((await other.sessions.attach("reference", remoteId as string)).id).toBe(attached.id);
  });

  it("are listed newest first, through a handle that takes nothing over", async () => {
    const stage = createStage();
    const colloquy = stage.colloquy();
    const older = await colloquy.sessions.create("reference", { name: "Older" });
    await stage.clock.advance(1_000);
    const newer = await colloquy.sessions.create("reference", { name: "Newer" });
    const ids: string[] = [];
    for await (const { id } of colloquy.sessions.list()) ids.push(id);
    expect(ids).toEqual([newer.id, older.id]);
    expect((await stage.store.records.get(older.id))?.epoch).toBe(0);
  });

  it("come back in another process without a new code", async () => {
    const stage = createStage();
    const first = stage.colloquy();
    const { id } = await connectedSession(stage, first);
    const second = stage.colloquy();
    const [restored] = await stage.pass(second.sessions.restore());
    expect(restored?.id).toBe(id);
    await stage.pass(restored?.waitFor("connected") ?? Promise.reject(new Error("Nothing was restored.")));
    expect((await stage.store.records.get(id))?.epoch).toBe(2);
  });

  it("are left alone by restore while they rest", async () => {
    const stage = createStage();
    const colloquy = stage.colloquy();
    await colloquy.sessions.create("reference", { name: "Shop" });
    expect(await stage.colloquy().sessions.restore()).toHaveLength(0);
  });

  it("are forgotten here with their keys, while the provider hears nothing", async () => {
    const stage = createStage();
    const colloquy = stage.colloquy();
    const { id } = await connectedSession(stage, colloquy);
    const requests = stage.backend.requests.length;
    expect(await stage.pass(colloquy.sessions.forget(id))).toBe(true);
    expect(await stage.store.secrets.get(id)).toEqual({});
    expect(await colloquy.sessions.forget(id)).toBe(false);
    expect(stage.backend.requests).toHaveLength(requests);
  });

  it("keep their pace over a restart: what the last process sent still counts", async () => {
    const limits = [
      { bucket: "sends", scope: "session", limit: 1, windowMs: 5_000, source: "test", asOf: "2026-11-21" },
      { bucket: "requests", scope: "account", limit: 10_000, windowMs: 1_000, source: "test", asOf: "2026-11-21" },
    ] as const;
    const stage = createStage({ limits, backend: { sends: { limit: 1, windowMs: 5_000 } } });
    const first = stage.colloquy();
    const session = await connectedSession(stage, first);
    await stage.pass(session.send({ to: "+15550101", text: "One" }));
    const second = stage.colloquy();
    const again = await second.sessions.get(session.id);
    const sentAtMs = stage.clock.now();
    await stage.pass(again.send({ to: "+15550101", text: "Two" }));
    expect(stage.clock.now() - sentAtMs).toBeGreaterThanOrEqual(5_000);
    expect(stage.backend.requests.filter(({ path }) => path === "/messages")).toHaveLength(2);
  });
});
