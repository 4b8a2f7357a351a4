import { describe, expect, it } from "vitest";
import { setting } from "../support/setting.js";
import { frameOf } from "../support/vectors.js";
import { buildFrame } from "../support/wire.js";

const output = (sequence: number, text: string, payloadType = 1): Buffer =>
  buildFrame({ type: "output_stream_data", sequence, payloadType, payload: Buffer.from(text) });

describe("acknowledgements of what comes", () => {
  it("answer every copy: in order, early and late", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("0"));
    const session = await scene.open();
    const shell = session.shell();
    scene.agent.raw(output(2, "2"));
    await scene.clock.advance(20);
    scene.agent.raw(output(2, "2"));
    scene.agent.raw(output(1, "1"));
    await scene.clock.advance(20);
    scene.agent.raw(output(1, "1"));
    scene.agent.raw(output(0, "0"));
    await scene.clock.advance(20);
    expect(scene.agent.acknowledged).toEqual([0, 2, 2, 1, 1, 0]);
    expect(shell.read()?.toString()).toBe("012");
  });

  it("have the header and the keys that peers expect", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("0"));
    (await scene.open()).shell();
    await scene.clock.advance(20);
    const [ack] = scene.agent.acks;
    expect(ack).toMatchObject({ type: "acknowledge", sequence: 0, flags: 3, payloadType: 0 });
    expect(ack!.payload.toString()).toMatch(
      /^\{"AcknowledgedMessageType":"output_stream_data","AcknowledgedMessageId":"[0-9a-f-]{36}","AcknowledgedMessageSequenceNumber":0,"IsSequentialMessage":true\}$/,
    );
  });

  it("are not sent for frames that cannot be taken, which come again and are then delivered once", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("first"));
    const session = await scene.open({ limits: { receiveFrames: 4, receiveBytes: 4096 } });
    scene.agent.output(Buffer.alloc(40 * 1024, "x"));
    await scene.clock.advance(500);
    expect(scene.agent.unackedCount).toBeGreaterThan(30);
    expect(session.counters.refusedFrames).toBeGreaterThan(0);
    const shell = session.shell();
    let bytes = 0;
    shell.on("data", (chunk: Buffer) => (bytes += chunk.length));
    await scene.clock.advance(5000);
    expect(bytes).toBe(5 + 40 * 1024);
    expect(scene.agent.unackedCount).toBe(0);
  });

  it("hold a fast agent back while nobody reads, and lose nothing of it", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("$"));
    const session = await scene.open({ limits: { receiveBytes: 100 * 1024 } });
    const shell = session.shell();
    shell.pause();
    scene.agent.output(Buffer.alloc(2_000_000, "y"));
    await scene.clock.advance(3000);
    // The reader's buffer, ours, and no more.
    expect(session.counters.receivedBytes).toBeLessThan(300 * 1024);
    expect(shell.readableLength).toBeLessThan(300 * 1024);
    let bytes = 0;
    shell.on("data", (chunk: Buffer) => (bytes += chunk.length)).resume();
    await scene.clock.runUntil(() => bytes === 2_000_001, { limitMs: 120_000 });
    expect(bytes).toBe(2_000_001);
  });
});

describe("frames that are amiss", () => {
  it("are counted by what is wrong with them, and the session goes on", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("a"));
    const session = await scene.open();
    const shell = session.shell();
    for (const name of [
      "bad-digest",
      "no-created-date",
      "no-message-type",
      "header-length-zero",
      "header-length-beyond",
      "truncated-0",
      "truncated-116",
      "truncated-119",
      "truncated-120",
      "length-mismatch-short",
      "negative-sequence",
      "unknown-message-type",
    ])
      scene.agent.raw(frameOf(name));
    await scene.clock.advance(20);
    scene.agent.output(Buffer.from("b"));
    await scene.clock.advance(20);
    expect(shell.read()?.toString()).toBe("ab");
    expect(session.counters.faults).toEqual({
      too_short: 3,
      header_length: 2,
      payload_length: 2,
      message_type: 1,
      created_date: 1,
      payload_digest: 1,
    });
    expect(session.counters.ignoredFrames).toBe(2);
    expect(session.status).toBe("connected");
  });

  it("with no bytes in them count in the order like any other", async () => {
    const scene = setting();
    scene.agent.output(Buffer.from("a"));
    const shell = (await scene.open()).shell();
    scene.agent.raw(output(1, ""));
    scene.agent.raw(output(2, "c"));
    await scene.clock.advance(20);
    expect(shell.read()?.toString()).toBe("ac");
    expect(scene.agent.acknowledged).toEqual([0, 1, 2]);
  });
});
