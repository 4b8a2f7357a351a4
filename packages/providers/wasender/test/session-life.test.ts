import { afterEach, describe, expect, it } from "vitest";
import { type Service, startService } from "./support/service.js";

let service: Service | undefined;

afterEach(async () => {
  await service?.close();
  service = undefined;
});

describe("a session's life over the wire", () => {
  it("pairs by QR code with polling alone, sends, logs out and is deleted", async () => {
    service = await startService({ dials: { scanAfterMs: 5 } });
    const { session, emulator, id } = service;
    const codes: string[] = [];
    for await (const challenge of session.pair()) codes.push(challenge.artefact);
    expect(codes[0]).toMatch(/^2@/);
    expect(session.state).toBe("connected");
    const sent = await session.send({ to: "+15550101", text: "hello" });
    expect(sent).toMatchObject({ providerMessageId: String(emulator.wasender.sent[0]?.msgId) });
    await session.logout();
    await session.waitFor("unlinked");
    expect(emulator.wasender.sessions[0]?.linkedAs).toBeNull();
    await session.close();
    await session.waitFor("terminated");
    expect(emulator.wasender.sessions.filter((one) => one.id === id)).toEqual([]);
  });

  it("does not accept another phone than the expected one", async () => {
    service = await startService({ dials: { scanAfterMs: 5, wrongPhone: true } });
    const { session } = service;
    const pairing = (async () => {
      for await (const challenge of session.pair()) expect(challenge.kind).toBe("qr");
    })();
    await expect(pairing).rejects.toMatchObject({ category: "lifecycle" });
    expect(session.snapshot.reason).toBe("identity_mismatch");
  });

  it("notices that the session was deleted at the provider", async () => {
    service = await startService({ dials: { scanAfterMs: 5 } });
    const { session, colloquy, id } = service;
    for await (const challenge of session.pair()) expect(challenge.kind).toBe("qr");
    await colloquy.provider("wasender").sessions.remove({ id });
    await session.waitFor("terminated");
  });

  it("uses a regenerated key at once", async () => {
    service = await startService();
    const { session, emulator, id } = service;
    emulator.wasender.setStatus(id, "connected");
    await session.provider.sessions.regenerateKey({ oldKeyDies: true });
    expect((await session.provider.account.status()).value.status).toBe("connected");
    expect(emulator.wasender.requests.filter(({ status }) => status === 401)).toEqual([]);
  });
});
