import { describe, expect, it } from "vitest";
import { fairWeather } from "../support/network.js";
import { setting } from "../support/setting.js";
import { frameOf } from "../support/vectors.js";
import { buildFrame, channelClosed } from "../support/wire.js";

const output = (sequence: number, text: string): Buffer =>
  buildFrame({ type: "output_stream_data", sequence, payloadType: 1, payload: Buffer.from(text) });

describe("closing from here", () => {
  it("waits until what was written is acknowledged", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open();
    const shell = session.shell();
    shell.resume();
    shell.write(Buffer.alloc(200_000, "x"));
    const end = await scene.passing(session.close());
    expect(end).toEqual({ reason: "closed_by_us", text: "" });
    expect(scene.agent.typed).toHaveLength(200_000);
    await scene.clock.advance(10);
    expect(scene.network.isOpen).toBe(false);
    expect(scene.clock.armed).toBe(0);
    expect(scene.statuses).toEqual(["connecting", "connected", "terminating", "terminated"]);
  });

  it("waits as long as acknowledgements keep coming", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open({ limits: { windowFrames: 10 } });
    const shell = session.shell();
    scene.network.weather = { ...fairWeather, shortestMs: 400, longestMs: 400 };
    shell.write(Buffer.alloc(200_000, "x"));
    const beforeMs = scene.clock.now();
    await scene.passing(session.close());
    expect(scene.clock.now() - beforeMs).toBeGreaterThan(10_000);
    expect(scene.agent.typed).toHaveLength(200_000);
  });

  it("does not wait for ever", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open();
    scene.agent.acknowledgesInput = false;
    session.shell().write("x");
    const beforeMs = scene.clock.now();
    await scene.passing(session.close());
    expect(scene.clock.now() - beforeMs).toBe(5000);
  });

  it("is one thing however often it is asked for, and writing afterwards fails", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open();
    const shell = session.shell();
    const ends = await scene.passing(Promise.all([session.close(), session.close(), session.terminate()]));
    expect(ends[0]).toBe(ends[2]);
    expect(shell.writableEnded).toBe(true);
  });
});

describe("closing by the service", () => {
  it("ends the session after everything that came was read, with its words", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open();
    const shell = session.shell();
    shell.pause();
    scene.agent.output(Buffer.alloc(600_000, "z"));
    await scene.clock.advance(2000);
    scene.agent.closeChannel("Killed by an operator");
    await scene.clock.advance(60_000);
    expect(session.status).toBe("terminating");
    let bytes = 0;
    shell.on("data", (chunk: Buffer) => (bytes += chunk.length)).resume();
    const end = await scene.passing(session.ended);
    expect(end).toEqual({ reason: "closed_by_service", text: "Killed by an operator" });
    expect(bytes).toBe(600_002);
    await scene.clock.advance(10);
    expect(scene.network.dials).toHaveLength(1);
  });

  it("still waits for a missing frame that overtook nothing but was lost", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("0"));
    const session = await scene.open();
    const shell = session.shell();
    scene.agent.raw(output(2, "2"));
    scene.agent.raw(channelClosed());
    await scene.clock.advance(1000);
    expect(session.status).toBe("terminating");
    scene.agent.raw(output(1, "1"));
    await scene.clock.advance(10);
    expect(shell.read()?.toString()).toBe("012");
    expect(await session.ended).toEqual({ reason: "closed_by_service", text: "" });
  });

  it("does not wait for a missing frame longer than its deadline", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("0"));
    const session = await scene.open();
    const shell = session.shell();
    scene.agent.raw(output(2, "2"));
    scene.agent.raw(channelClosed());
    await scene.passing(session.ended);
    expect(shell.read()?.toString()).toBe("0");
  });

  it("is understood with a header of 112 bytes and padding of NUL", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("0"));
    const session = await scene.open();
    session.shell();
    scene.agent.raw(frameOf("channel-closed-112-nul"));
    expect(await scene.passing(session.ended)).toEqual({ reason: "closed_by_service", text: "" });
  });
});
