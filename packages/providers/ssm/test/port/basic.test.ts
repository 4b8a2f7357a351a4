import type { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { portPlugin, type Session } from "../../src/index.js";
import { handshakeRequest, type Setting, setting, shakeHands } from "../support/setting.js";

async function portSession(
  properties: Record<string, string>,
  agentVersion: string,
): Promise<{ scene: Setting; session: Session }> {
  const scene = setting();
  shakeHands(scene.agent, handshakeRequest("Port", properties, agentVersion));
  return { scene, session: await scene.open() };
}

const basic = (): ReturnType<typeof portSession> =>
  portSession({ portNumber: "80", type: "LocalPortForwarding" }, "3.0.196.0");

const text = (stream: Duplex): string => (stream.read() as Buffer | null)?.toString() ?? "";

describe("connections one after the other", () => {
  it("have the stream to themselves; the agent is told of each end, and the next one waits for it", async () => {
    const { scene, session } = await basic();
    expect(session.as(portPlugin).mode).toBe("basic");
    const first = session.connectPort();
    const second = session.connectPort();
    second.write("second");
    first.write("first");
    await scene.clock.advance(20);
    scene.agent.output(Buffer.from("for the first"));
    await scene.clock.advance(20);
    expect(scene.agent.typed.toString()).toBe("first");
    expect([text(first), text(second)]).toEqual(["for the first", ""]);
    first.destroy();
    await scene.clock.advance(100);
    expect(
      scene.agent.input.map(({ payloadType, payload }) => [payloadType, payload.toString("latin1")]).slice(1),
    ).toEqual([
      [1, "first"],
      [10, "\0\0\0\x01"],
      [1, "second"],
    ]);
    scene.agent.output(Buffer.from("for the second"));
    await scene.clock.advance(20);
    expect(text(second)).toBe("for the second");
  });

  it("do not get what was still under way for the one before", async () => {
    const { scene, session } = await basic();
    const first = session.connectPort();
    const second = session.connectPort();
    await scene.clock.advance(20);
    scene.agent.acknowledgesInput = false;
    first.destroy();
    await scene.clock.advance(20);
    scene.agent.output(Buffer.from("late for the first"));
    await scene.clock.advance(50);
    scene.agent.acknowledgesInput = true;
    await scene.clock.advance(2000);
    scene.agent.output(Buffer.from("for the second"));
    await scene.clock.advance(20);
    expect(text(second)).toBe("for the second");
  });

  it("get what came while nobody was connected", async () => {
    const { scene, session } = await basic();
    scene.agent.output(Buffer.from("SSH-2.0-banner"));
    await scene.clock.advance(500);
    const connection = session.connectPort();
    await scene.clock.advance(20);
    expect(text(connection)).toBe("SSH-2.0-banner");
  });

  it("still get an answer after their own end, as long as it keeps coming", async () => {
    const { scene, session } = await basic();
    const connection = session.connectPort();
    let got = "";
    connection.on("data", (chunk: Buffer) => (got += chunk.toString()));
    const ended = new Promise((resolve) => connection.once("end", resolve));
    connection.end("request");
    for (const piece of ["a ", "slow ", "answer"]) {
      await scene.clock.advance(200);
      scene.agent.output(Buffer.from(piece));
    }
    await scene.passing(ended);
    expect(got).toBe("a slow answer");
    await scene.clock.advance(50);
    expect(scene.agent.input.at(-1)).toMatchObject({ payloadType: 10, payload: Buffer.from([0, 0, 0, 1]) });
  });

  it("fail clearly when the agent cannot reach the port", async () => {
    const { scene, session } = await basic();
    const connection = session.connectPort();
    const failed = new Promise((resolve) => connection.once("error", resolve));
    scene.agent.send(10, Buffer.from([0, 0, 0, 3]));
    expect(await scene.passing(failed)).toMatchObject({ code: "PROVIDER_REJECTED" });
  });

  it("never change a byte: a lone line feed stays one", async () => {
    const { scene, session } = await basic();
    session.connectPort().write("\n");
    await scene.clock.advance(20);
    expect(scene.agent.typed.toString()).toBe("\n");
  });

  it("end with the session, waiting ones too", async () => {
    const { scene, session } = await basic();
    const connections = [session.connectPort(), session.connectPort()];
    const ended = Promise.all(connections.map((one) => new Promise((resolve) => one.resume().once("end", resolve))));
    await scene.clock.advance(20);
    scene.agent.closeChannel();
    await scene.passing(ended);
    const late = session.connectPort();
    await scene.passing(new Promise((resolve) => late.resume().once("end", resolve)));
    expect(late.readableEnded).toBe(true);
  });
});

describe("one connection for the whole session", () => {
  const stdio = (): ReturnType<typeof portSession> => portSession({ portNumber: "22" }, "3.3.987.0");

  it("is what documents without a type get", async () => {
    const { scene, session } = await stdio();
    expect(session.as(portPlugin).mode).toBe("stdio");
    scene.agent.output(Buffer.from("SSH-2.0-banner"));
    await scene.clock.advance(50);
    const connection = session.connectPort();
    connection.write("SSH-2.0-client");
    await scene.clock.advance(20);
    expect(text(connection)).toBe("SSH-2.0-banner");
    expect(scene.agent.typed.toString()).toBe("SSH-2.0-client");
    expect(scene.agent.input.some(({ payloadType }) => payloadType === 3)).toBe(false);
    expect(() => session.connectPort()).toThrow(expect.objectContaining({ code: "COMMAND_REFUSED" }));
  });

  it("ends with the session", async () => {
    const { scene, session } = await stdio();
    const connection = session.connectPort();
    const ended = new Promise((resolve) => connection.resume().once("end", resolve));
    scene.agent.closeChannel();
    await scene.passing(ended);
    expect(connection.readableEnded).toBe(true);
  });
});
