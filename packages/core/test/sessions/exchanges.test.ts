import { describe, expect, it } from "vitest";
import { connectedSession, createStage } from "./stage.js";

const message = { id: "a", to: "+15550101", text: "Hello" };
const lookUp = /^GET \/sessions\/s1$/;
const send = /^POST \/messages$/;

async function connected() {
  const stage = createStage();
  const colloquy = stage.colloquy();
  const session = await connectedSession(stage, colloquy);
  return { stage, colloquy, session };
}

describe("the keys of a session", () => {
  it("are looked up once when the provider refuses one, as it may have been replaced elsewhere", async () => {
    const { stage, session } = await connected();
    const before = stage.countRequests(lookUp);
    stage.backend.phone.rotateKey(session.remoteId as string);
    expect(await stage.pass(session.send(message))).toMatchObject({ providerMessageId: "m1" });
    expect([stage.countRequests(send), stage.countRequests(lookUp) - before]).toEqual([2, 1]);
    await stage.pass(session.send({ ...message, id: "b" }));
    expect([stage.countRequests(send), stage.countRequests(lookUp) - before]).toEqual([3, 1]);
  });

  it("are refused for good when the provider still tells the same one", async () => {
    const { stage, session } = await connected();
    await stage.store.secrets.put(session.id, { session_key: "key_wrong" });
    // The provider tells the right key once, but something keeps refusing it.
    const { backend } = stage;
    const handle = backend.handle.bind(backend);
    Object.assign(backend, {
      handle: (request: Parameters<typeof handle>[0]) =>
        handle({
          ...request,
          headers: {
            ...request.headers,
            ...(send.test(`${request.method} ${request.path}`) ? { authorization: "Bearer key_other" } : {}),
          },
        }),
    });
    await expect(stage.pass(session.send(message))).rejects.toMatchObject({
      code: "CREDENTIAL_REJECTED",
      outcome: "rejected",
    });
    expect(stage.countRequests(send)).toBe(2);
    await expect(stage.pass(session.send({ ...message, id: "b" }))).rejects.toMatchObject({
      code: "CREDENTIAL_REJECTED",
    });
    expect(stage.countRequests(send)).toBe(3);
  });

  it("are looked up when the store has none, as after a crash during the creation", async () => {
    const { stage, session } = await connected();
    await stage.store.secrets.remove(session.id);
    expect(await stage.pass(session.send(message))).toMatchObject({ providerMessageId: "m1" });
    expect(await stage.store.secrets.get(session.id)).toMatchObject({ session_key: expect.stringMatching(/^key_/) });
  });

  it("are kept from the answer that replaces one, before the caller hears", async () => {
    const { stage, session } = await connected();
    const { value } = await stage.pass(session.provider.sessions.rotateKey());
    expect(await stage.store.secrets.get(session.id)).toMatchObject({ session_key: value.key });
    await stage.pass(session.send(message));
    expect(stage.countRequests(send)).toBe(1);
  });

  it("tell the refusal and not the failed look-up when both fail", async () => {
    const { stage, session } = await connected();
    stage.backend.phone.rotateKey(session.remoteId as string);
    stage.backend.fail("refuse", { on: lookUp, times: 5 });
    await expect(stage.pass(session.send(message))).rejects.toMatchObject({ code: "CREDENTIAL_REJECTED" });
    expect(stage.countRequests(send)).toBe(1);
  });
});

describe("a provider's whole API", () => {
  it("is bound to the session, and to the account without one", async () => {
    const { stage, colloquy, session } = await connected();
    expect((await stage.pass(session.provider.sessions.get())).value).toMatchObject({
      id: session.remoteId,
      status: "online",
    });
    expect((await stage.pass(colloquy.provider("reference").sessions.list())).value).toHaveLength(1);
    await expect(stage.pass(colloquy.provider("reference").sessions.get({}))).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
  });

  it("sends, edits, deletes and shows presence in the session's name", async () => {
    const { stage, session } = await connected();
    const { providerMessageId } = await stage.pass(session.send(message));
    await stage.pass(session.edit(providerMessageId, "Hello again"));
    await stage.pass(session.setPresence("+15550101", "composing"));
    await stage.pass(session.remove(providerMessageId));
    expect(stage.backend.messages).toMatchObject([{ body: { text: "Hello again" } }]);
    expect(stage.countRequests(/^(PUT \/presence|DELETE \/messages)/)).toBe(2);
  });
});
