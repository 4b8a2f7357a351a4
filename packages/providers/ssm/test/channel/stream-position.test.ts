import { describe, expect, it } from "vitest";
import { readStreamPosition } from "../../src/channel/stream-position.js";
import { handshakeRequest, setting, shakeHands } from "../support/setting.js";

describe("a stream that was closed", () => {
  it("goes on by its position: numbers, bytes and agreement are those of before, and what waited meanwhile comes", async () => {
    const scene = setting();
    shakeHands(scene.agent, handshakeRequest("InteractiveCommands"));
    const first = await scene.open();
    const shell = first.shell();
    shell.write("before ");
    scene.agent.output(Buffer.from("one "));
    await scene.clock.advance(500);
    expect(shell.read()?.toString()).toBe("one ");
    expect(first.position).toBeUndefined();
    await scene.passing(first.close());
    scene.agent.output(Buffer.from("two"));

    const kept = readStreamPosition(JSON.stringify(first.position));
    const second = await scene.open({ tokenValue: scene.agent.resume().token, position: kept! });
    expect(second.sessionType).toBe("InteractiveCommands");
    expect(second.agentVersion).toBe(first.agentVersion);
    const again = second.shell();
    again.write("after");
    await scene.clock.advance(500);
    expect(again.read()?.toString()).toBe("two");
    expect(scene.agent.typed.toString()).toBe("before after");
    const numbers = scene.agent.input.map(({ sequence }) => sequence);
    expect(numbers).toEqual(numbers.map((_number, index) => index));
  });

  it("has none when something was never acknowledged or never read, for another process would miss it", async () => {
    const unheard = setting();
    const silent = await unheard.open();
    unheard.agent.acknowledgesInput = false;
    silent.shell().write("lost");
    await unheard.passing(silent.close());
    expect(silent.position).toBeUndefined();

    const unread = setting();
    unread.agent.output(Buffer.from("nobody reads this"));
    const session = await unread.open();
    await unread.clock.advance(200);
    await unread.passing(session.close());
    expect(session.position).toBeUndefined();
  });

  it("has none for ports, whose connections are gone with it", async () => {
    const scene = setting();
    shakeHands(scene.agent, handshakeRequest("Port", { portNumber: "22", type: "LocalPortForwarding" }));
    const session = await scene.open();
    await scene.passing(session.close());
    expect(session.position).toBeUndefined();
  });

  it("is not read from anything else", () => {
    for (const text of ["", "null", "{}", '{"nextSequence":1,"expectedSequence":"1","agreement":{"sessionType":"a"}}'])
      expect(readStreamPosition(text)).toBeUndefined();
  });
});
