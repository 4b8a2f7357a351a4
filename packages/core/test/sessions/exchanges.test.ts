import { describe, expect, it } from "vitest";
import { connectedSession, createStage, type Stage } from "./stage.js";

const message = { id: "a", to: "+15550101", text: "Hello" };
const lookUp = /^GET \/sessions\/s1$/;
const send = /^POST \/messages$/;

async function connected() {
  const stage = createStage();
  const colloquy = stage.colloquy();
  const session = await connectedSession(stage, colloquy);
  return { stage, colloquy, session };
}

/** Does something at the service right before the first request that fits is handled there. */
function beforeFirst({ backend }: Stage, on: RegExp, act: () => void): void {
  const handle = backend.handle.bind(backend);
  let isDone = false;
  Object.assign(backend, {
    handle: (request: Parameters<typeof handle>[0]) => {
      if (!isDone && on.test(`${request.method} ${request.path}`)) {
        isDone = true;
        act();
      }
      return handle(request);
    },
  });
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

  it("are taken from the store, without a look-up, when another call replaced the key while this one was on its way", async () => {
    const { stage, session } = await connected();
    const before = stage.countRequests(lookUp);
    beforeFirst(stage, send, () => {
      stage.backend.phone.rotateKey(session.remoteId as string);
      const key = stage.backend.secretsOf(session.remoteId as string)?.key ?? "";
      void stage.store.secrets.put(session.id, { session_key: key });
    });
    expect(await stage.pass(session.send(message))).toMatchObject({ providerMessageId: "m1" });
    expect([stage.countRequests(send), stage.countRequests(lookUp) - before]).toEqual([2, 0]);
  });

  it("are looked up once for all calls that find the key refused at the same time", async () => {
    const { stage, session } = await connected();
    const before = stage.countRequests(lookUp);
    stage.backend.phone.rotateKey(session.remoteId as string);
    const calls = ["1", "2", "3", "4", "5"].map((digit) =>
      session.provider.presence.set({ chat: `+1555010${digit}`, kind: "composing" }),
    );
    expect(await stage.pass(Promise.all(calls))).toHaveLength(5);
    expect(stage.countRequests(lookUp) - before).toBe(1);
  });

  it("do not go back to one that was looked up before and arrives after a newer one was stored", async () => {
    const { stage, session } = await connected();
    stage.backend.phone.rotateKey(session.remoteId as string);
    stage.wire.hold(lookUp);
    const sending = session.send(message);
    await stage.until(() => stage.wire.heldCount === 1);
    // The answer on its way tells the key of now; this one is newer.
    const { value } = await stage.pass(session.provider.sessions.rotateKey());
    stage.wire.release();
    expect(await stage.pass(sending)).toMatchObject({ providerMessageId: "m1" });
    expect(await stage.store.secrets.get(session.id)).toMatchObject({ session_key: value.key });
  });

  it("heal by the next call when the process died between the answer that replaced one and the store", async () => {
    const { stage, session } = await connected();
    const put = stage.store.secrets.put.bind(stage.store.secrets);
    Object.assign(stage.store.secrets, { put: () => Promise.reject(new Error("The process died here.")) });
    await expect(stage.pass(session.provider.sessions.rotateKey())).rejects.toThrow("died");
    Object.assign(stage.store.secrets, { put });
    expect(await stage.pass(session.send(message))).toMatchObject({ providerMessageId: "m1" });
    expect(stage.countRequests(send)).toBe(2);
  });

  it("are the new ones at once for another process on the same store", async () => {
    const { stage, session } = await connected();
    const other = await stage.colloquy().sessions.get(session.id);
    await stage.pass(session.provider.sessions.rotateKey());
    expect(await stage.pass(other.send(message))).toMatchObject({ providerMessageId: "m1" });
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
