import type { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import type { OpenOptions, Session } from "../../src/index.js";
import { portPlugin } from "../../src/index.js";
import { fairWeather } from "../support/network.js";
import { handshakeRequest, type Setting, seededBytes, setting, shakeHands } from "../support/setting.js";
import { SmuxAgent } from "../support/smux-agent.js";

interface Tunnel {
  readonly scene: Setting;
  readonly session: Session;
  readonly far: SmuxAgent;
}

async function tunnel(agentVersion = "3.3.987.0", extra: Partial<OpenOptions> = {}): Promise<Tunnel> {
  const scene = setting();
  shakeHands(
    scene.agent,
    handshakeRequest("Port", { portNumber: "80", localPortNumber: "0", type: "LocalPortForwarding" }, agentVersion),
  );
  const far = new SmuxAgent(scene.agent);
  const session = await scene.open(extra);
  expect(session.as(portPlugin).mode).toBe("multiplexed");
  return { scene, session, far };
}

function collected(stream: Duplex): { readonly bytes: () => Buffer; readonly ended: Promise<void> } {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { bytes: () => Buffer.concat(chunks), ended: new Promise((resolve) => stream.once("end", resolve)) };
}

describe("many connections over one session", () => {
  it("have odd ids from 3, and their bytes do not mix", async () => {
    const { scene, session, far } = await tunnel();
    far.onData = ({ id }, data) => far.send(id, Buffer.from(data.toString().toUpperCase()));
    const connections = [session.connectPort(), session.connectPort(), session.connectPort()];
    const got = connections.map(collected);
    for (const [index, connection] of connections.entries()) connection.write(`hello ${index}`);
    await scene.clock.advance(50);
    expect([...far.streams.keys()]).toEqual([3, 5, 7]);
    expect(got.map(({ bytes }) => bytes().toString())).toEqual(["HELLO 0", "HELLO 1", "HELLO 2"]);
  });

  it("carry a megabyte each way at once, through weather and a cut", async () => {
    const { scene, session, far } = await tunnel();
    const up = seededBytes(1, 1_000_000);
    const down = seededBytes(2, 1_000_000);
    scene.network.weather = { ...fairWeather, dropped: 0.1, duplicated: 0.1, acknowledgementsLost: 0.1, longestMs: 20 };
    const connection = session.connectPort();
    const got = collected(connection);
    far.onStream = ({ id }) => far.send(id, down);
    far.onFin = ({ id }) => far.fin(id);
    connection.end(up);
    await scene.clock.advance(150);
    scene.network.cut();
    await scene.clock.runUntil(
      () => far.streams.get(3)?.received.length === up.length && got.bytes().length === down.length,
      { limitMs: 120_000 },
    );
    expect(far.streams.get(3)!.received.equals(up)).toBe(true);
    expect(got.bytes().equals(down)).toBe(true);
    expect(session.counters.connections).toBe(2);
  });

  it("cut what is long into frames that peers take", async () => {
    const { scene, session, far } = await tunnel();
    const lengths: number[] = [];
    far.onData = (_stream, data) => lengths.push(data.length);
    session.connectPort().write(Buffer.alloc(100_000));
    await scene.clock.advance(500);
    expect(lengths).toEqual([32_768, 32_768, 32_768, 1696]);
  });

  it("still get the answer after the local side has ended: our FIN waits for the other's", async () => {
    const { scene, session, far } = await tunnel();
    const connection = session.connectPort();
    const got = collected(connection);
    connection.end("request");
    await scene.clock.advance(3000);
    expect(far.streams.get(3)).toMatchObject({ isFinished: false });
    far.send(3, Buffer.from("a late answer"));
    await scene.clock.advance(9000);
    far.send(3, Buffer.from(", and more"));
    far.fin(3);
    await scene.passing(got.ended);
    expect(got.bytes().toString()).toBe("a late answer, and more");
    await scene.clock.advance(20);
    expect(far.commands).toEqual(["SYN 3", "PSH 3", "FIN 3"]);
  });

  it("are closed when the other side says nothing for ten seconds after the local end", async () => {
    const { scene, session, far } = await tunnel();
    const connection = session.connectPort();
    const got = collected(connection);
    connection.end("request");
    await scene.clock.advance(9900);
    expect(far.streams.get(3)!.isFinished).toBe(false);
    await scene.clock.advance(200);
    expect(far.streams.get(3)!.isFinished).toBe(true);
    await got.ended;
  });

  it("that the other side finished take no more, without an error", async () => {
    const { scene, session, far } = await tunnel();
    const connection = session.connectPort();
    const got = collected(connection);
    await scene.clock.advance(20);
    far.send(3, Buffer.from("bye"));
    far.fin(3);
    await scene.passing(got.ended);
    connection.end("too late");
    await scene.clock.advance(50);
    expect(got.bytes().toString()).toBe("bye");
    expect(far.commands).toEqual(["SYN 3", "FIN 3"]);
  });

  it("that break here are finished there at once", async () => {
    const { scene, session, far } = await tunnel();
    const connection = session.connectPort();
    connection.write("x");
    connection.destroy();
    await scene.clock.advance(50);
    expect(far.commands.at(-1)).toBe("FIN 3");
    far.send(3, Buffer.from("for nobody"));
    const other = session.connectPort();
    const got = collected(other);
    far.onStream = undefined;
    await scene.clock.advance(20);
    far.send(5, Buffer.from("for the other"));
    await scene.clock.advance(20);
    expect(got.bytes().toString()).toBe("for the other");
  });

  it("fail clearly when the agent cannot reach the port, and the others live on", async () => {
    const { scene, session, far } = await tunnel();
    const first = session.connectPort();
    const second = session.connectPort();
    const failed = new Promise((resolve) => second.once("error", resolve));
    const got = collected(first);
    await scene.clock.advance(20);
    far.send(3, Buffer.from("fine"));
    scene.agent.send(10, Buffer.from([0, 0, 0, 3]));
    far.fin(5);
    expect(await scene.passing(failed)).toMatchObject({ code: "PROVIDER_REJECTED" });
    expect(got.bytes().toString()).toBe("fine");
  });

  it("are held back by a reader that does not read, and all arrives once it does", async () => {
    const { scene, session, far } = await tunnel("3.3.987.0", { limits: { receiveBytes: 512 * 1024 } });
    const slow = session.connectPort();
    await scene.clock.advance(20);
    const sent = seededBytes(9, 8_000_000);
    far.send(3, sent);
    await scene.clock.advance(4000);
    // The shared budget of 4 MiB, the buffers on the way, and no more.
    expect(session.counters.receivedBytes).toBeLessThan(5.5 * 1024 * 1024);
    const got = collected(slow);
    await scene.clock.runUntil(() => got.bytes().length === sent.length, { limitMs: 300_000 });
    expect(got.bytes().equals(sent)).toBe(true);
  }, 30_000);

  it("break when what comes is no smux, and say so", async () => {
    const { scene, session, far } = await tunnel();
    const connection = session.connectPort();
    const failed = new Promise((resolve) => connection.once("error", resolve));
    await scene.clock.advance(20);
    far.raw(Buffer.from("HTTP/1.1 400 Bad Request"));
    expect(await scene.passing(failed)).toMatchObject({ code: "RESPONSE_MALFORMED" });
  });

  it("end with the session", async () => {
    const { scene, session } = await tunnel();
    const got = collected(session.connectPort());
    await scene.clock.advance(20);
    scene.agent.closeChannel();
    await scene.passing(got.ended);
    const late = collected(session.connectPort());
    await scene.passing(late.ended);
    expect(await session.ended).toMatchObject({ reason: "closed_by_service" });
  });
});

describe("a tunnel's keep-alive", () => {
  it("is sent every ten seconds to agents that need it, and a silent one is given up", async () => {
    const { scene, session, far } = await tunnel("3.1.1511.0");
    const connection = session.connectPort();
    const failed = new Promise((resolve) => connection.once("error", resolve));
    await scene.clock.advance(29_000);
    expect(far.nops).toBe(2);
    expect(await scene.passing(failed)).toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });

  it("is not sent to agents that do without", async () => {
    const { scene, session, far } = await tunnel();
    session.connectPort();
    await scene.clock.advance(120_000);
    expect(far.nops).toBe(0);
    expect(session.status).toBe("connected");
  });
});

describe("ending a port session", () => {
  it("tells the agent, and waits until it knows", async () => {
    const { scene, session } = await tunnel();
    await scene.passing(session.terminate());
    expect(scene.agent.input.at(-1)).toMatchObject({ payloadType: 10, payload: Buffer.from([0, 0, 0, 2]) });
    expect(scene.statuses.at(-1)).toBe("terminated");
  });

  it("does not wait for ever for an agent that is gone", async () => {
    const { scene, session } = await tunnel();
    scene.agent.acknowledgesInput = false;
    const beforeMs = scene.clock.now();
    await scene.passing(session.terminate());
    expect(scene.clock.now() - beforeMs).toBe(7000);
  });
});
