import { describe, expect, it } from "vitest";
import { builtInPlugins, SessionHandler, type SessionPlugin, SessionPluginRegistry } from "../../src/index.js";
import { handshakeRequest, type Setting, setting, shakeHands, streamUrl } from "../support/setting.js";

const input = { sessionId: "s-1", streamUrl, tokenValue: "token-0" };

function handlerOf({ options }: Setting, registry?: SessionPluginRegistry): SessionHandler {
  const { sessionId: _id, streamUrl: _url, tokenValue: _token, onStatus: _status, ...defaults } = options;
  return new SessionHandler({ ...defaults, ...(registry && { registry }) });
}

describe("starting a session from unchecked input", () => {
  it.each([
    [{ ...input, sessionId: undefined }, "sessionId"],
    [{ streamUrl, tokenValue: "t" }, "sessionId"],
    [{ ...input, sessionId: "" }, "sessionId"],
    [{ ...input, sessionId: 7 }, "sessionId"],
    [{ ...input, streamUrl: "" }, "streamUrl"],
    [{ ...input, streamUrl: null }, "streamUrl"],
    [{ ...input, streamUrl: "https://gateway.invalid/" }, "streamUrl"],
    [{ ...input, streamUrl: "WS://gateway.invalid/" }, "streamUrl"],
    [{ ...input, streamUrl: "ws://" }, "streamUrl"],
    [{ ...input, tokenValue: "" }, "tokenValue"],
    [{ ...input, tokenValue: {} }, "tokenValue"],
    [{ ...input, sessionType: "Hologram" }, "sessionType"],
    [{ ...input, sessionType: 7 }, "sessionType"],
    [{ ...input, clientId: 7 }, "clientId"],
    [{ ...input, target: [] }, "target"],
  ])("refuses %j by its field, with nothing dialled", async (wrong, field) => {
    const scene = setting();
    await expect(handlerOf(scene).validateInputAndStartSession(wrong)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      outcome: "not_attempted",
      fieldErrors: { [field]: [expect.any(String)] },
    });
    expect(scene.network.dials).toEqual([]);
  });

  it("names every field that is missing, and no value", async () => {
    const error: unknown = await new SessionHandler()
      .validateInputAndStartSession({ tokenValue: 4711 })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ fieldErrors: { sessionId: ["is required"], streamUrl: ["is required"] } });
    expect(String(error)).not.toContain("4711");
  });

  it("opens it, lists it while it is active, and forgets it afterwards", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const handler = handlerOf(scene);
    const session = await scene.passing(handler.validateInputAndStartSession({ ...input, clientId: "c-9" }));
    expect(scene.agent.opens[0]).toMatchObject({ ClientId: "c-9" });
    expect(handler.listActiveSessions()).toEqual([
      { sessionId: "s-1", sessionType: "Standard_Stream", status: "connected" },
    ]);
    expect(handler.get("s-1")).toBe(session);
    await expect(handler.validateInputAndStartSession(input)).rejects.toMatchObject({ code: "COMMAND_REFUSED" });
    session.shell();
    scene.agent.closeChannel();
    await scene.passing(session.ended);
    await scene.clock.advance(1);
    expect(handler.listActiveSessions()).toEqual([]);
  });

  it("does not keep one that could not be opened", async () => {
    const scene = setting();
    scene.network.refusals = 1;
    scene.network.refusalStatus = 401;
    const handler = handlerOf(scene);
    await expect(scene.passing(handler.validateInputAndStartSession(input))).rejects.toMatchObject({
      code: "CREDENTIAL_REJECTED",
    });
    expect(handler.listActiveSessions()).toEqual([]);
    scene.agent.output(Buffer.from("$ "));
    await scene.passing(handler.validateInputAndStartSession(input));
    expect(handler.listActiveSessions()).toHaveLength(1);
  });

  it("terminates one or all, also at the service when it can", async () => {
    const scenes = [setting(1), setting(2), setting(3)];
    const terminated: string[] = [];
    const handler = new SessionHandler({
      ...(scenes[0]!.options.clock && { clock: scenes[0]!.options.clock }),
      dial: (url, events) => scenes[Number(url.at(-1))]!.options.dial!(url, events),
      terminate: (id) => Promise.resolve(void terminated.push(id)),
    });
    for (const [index, scene] of scenes.entries()) {
      scene.agent.output(Buffer.from("$ "));
      const opening = handler.validateInputAndStartSession({
        sessionId: `s-${index}`,
        streamUrl: `ws://gateway.invalid/${index}`,
        tokenValue: "token-0",
      });
      // Each end has a clock of its own.
      for (let turn = 0; turn < 50; turn++) {
        await scene.clock.advance(2);
        await scenes[0]!.clock.advance(2);
      }
      await opening;
    }
    const one = handler.terminateSession("s-1");
    await scenes[0]!.clock.advance(10_000);
    await scenes[1]!.clock.advance(10);
    await one;
    expect(handler.listActiveSessions().map(({ sessionId }) => sessionId)).toEqual(["s-0", "s-2"]);
    await expect(handler.terminateSession("s-1")).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    const all = handler.terminateAll();
    await scenes[0]!.clock.advance(10_000);
    await all;
    expect(handler.listActiveSessions()).toEqual([]);
    expect(terminated).toEqual(["s-1", "s-0", "s-2"]);
  });

  it("tells a failure of one only after all were terminated", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const { sessionId: _id, streamUrl: _url, tokenValue: _token, ...defaults } = scene.options;
    const handler = new SessionHandler({ ...defaults, terminate: () => Promise.reject(new Error("service is down")) });
    await scene.passing(handler.validateInputAndStartSession(input));
    await expect(handler.terminateAll()).rejects.toThrow("service is down");
  });
});

describe("session types of one's own", () => {
  const echoPlugin: SessionPlugin<{ readonly heard: string[]; say(text: string): void }> = {
    sessionTypes: ["Echo"],
    validate: ({ target }) => (target === undefined ? [{ field: "target", message: "is required for Echo" }] : []),
    start(channel) {
      const heard: string[] = [];
      channel.attach({ take: (_type, payload) => heard.push(payload.toString()) > 0, end() {} });
      return { face: { heard, say: (text) => channel.write(1, [Buffer.from(text)]) } };
    },
  };

  it("are offered to the agent, checked, and reached through `as`", async () => {
    const scene = setting();
    const handler = handlerOf(scene, new SessionPluginRegistry([...builtInPlugins, echoPlugin]));
    await expect(handler.validateInputAndStartSession({ ...input, sessionType: "Echo" })).rejects.toMatchObject({
      fieldErrors: { target: ["is required for Echo"] },
    });
    shakeHands(scene.agent, handshakeRequest("Echo"));
    const session = await scene.passing(
      handler.validateInputAndStartSession({ ...input, sessionType: "Echo", target: "i-1" }),
    );
    const face = session.as(echoPlugin);
    face.say("hello");
    scene.agent.output(Buffer.from("olleh"));
    await scene.clock.advance(50);
    expect([scene.agent.typed.toString(), face.heard]).toEqual(["hello", ["olleh"]]);
    expect(() => session.shell()).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
  });

  it("can take the place of a built-in one, and must have a name", () => {
    const registry = new SessionPluginRegistry(builtInPlugins);
    expect(registry.supportedSessionTypes()).toEqual([
      "Standard_Stream",
      "InteractiveCommands",
      "NonInteractiveCommands",
      "Port",
    ]);
    const own = { ...echoPlugin, sessionTypes: ["Port"] };
    registry.register(own);
    expect(registry.get("Port")).toBe(own);
    expect(registry.get("port")).toBeUndefined();
    expect(() => registry.register({ ...echoPlugin, sessionTypes: [] })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });
});
