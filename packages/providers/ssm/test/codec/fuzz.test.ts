import { virtualClock } from "@colloquy/core/testing";
import { describe, expect, it } from "vitest";
import { DataChannel } from "../../src/channel/data-channel.js";
import type { FrameSocketEvents } from "../../src/channel/frame-socket.js";
import { settle } from "../../src/channel/options.js";
import { FrameReader, frameFaults } from "../../src/codec/decode.js";
import { seeded } from "../support/setting.js";
import { vectors } from "../support/vectors.js";

const seed = Number(process.env["SSM_FUZZ_SEED"] ?? 7);

/** Half of them golden frames with a few bytes, the length or the end changed, half of them noise with plausible headers. */
function* hostileFrames(count: number): Generator<Buffer> {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const golden = vectors.vectors.map(({ hex }) => Buffer.from(hex, "hex"));
  const interesting = [0, 1, 4, 111, 112, 115, 116, 117, 120, 255, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff];
  for (let index = 0; index < count; index++) {
    if (index % 2 === 0) {
      const frame = Buffer.from(golden[below(golden.length)]!);
      for (let change = below(4); change > 0 && frame.length > 0; change--) frame[below(frame.length)] = below(256);
      const field = [0, 36, 40, 48, 52, 112, 116][below(7)]!;
      if (random() < 0.4 && frame.length >= field + 4)
        frame.writeUInt32BE(interesting[below(interesting.length)]!, field);
      yield random() < 0.3 ? frame.subarray(0, below(frame.length + 1)) : frame;
    } else {
      const frame = Buffer.alloc(below(300));
      for (let place = 0; place < frame.length; place++) frame[place] = below(256);
      if (frame.length >= 4 && random() < 0.8) frame.writeUInt32BE(interesting[below(interesting.length)]!, 0);
      yield frame;
    }
  }
}

describe(`hostile frames (SSM_FUZZ_SEED=${seed})`, () => {
  it("200,000 of them neither crash nor hang the reader, and each is taken or has a reason", {
    timeout: 60_000,
  }, () => {
    const reader = new FrameReader();
    const seen = new Map<string, number>();
    for (const frame of hostileFrames(200_000)) {
      const fault = reader.read(frame) ?? "accepted";
      seen.set(fault, (seen.get(fault) ?? 0) + 1);
    }
    expect([...seen.keys()].toSorted()).toEqual(["accepted", ...frameFaults].toSorted());
    expect([...seen.values()].reduce((sum, count) => sum + count)).toBe(200_000);
  });

  it("40,000 of them in the middle of a session are counted, and it still takes the next good frame", {
    timeout: 60_000,
  }, () => {
    let events: FrameSocketEvents | undefined;
    const sent: string[] = [];
    const channel = new DataChannel(
      settle({
        sessionId: "s-1",
        streamUrl: "ws://gateway.invalid/",
        tokenValue: "t",
        clock: virtualClock(),
        dial: (_url, given) => {
          events = given;
          return {
            send: (frame) => void sent.push(frame.toString("latin1")),
            ping() {},
            close() {},
            terminate() {},
            bufferedBytes: 0,
          };
        },
      }),
      () => true,
      { onStatus() {}, onReady() {}, onEnd() {} },
    );
    const taken: string[] = [];
    channel.start();
    events!.onOpen();
    channel.attach({ take: (_type, payload) => taken.push(payload.toString()) > 0, end() {} });
    // Golden frames that mean something here would move the session on.
    const isHarmless = (frame: Buffer): boolean => new FrameReader().read(frame) !== undefined;
    let count = 0;
    for (const frame of hostileFrames(40_000))
      if (isHarmless(frame)) {
        events!.onFrame(frame);
        count++;
      }
    const { faults } = channel.counters;
    expect(Object.values(faults).reduce((sum, one) => sum + one)).toBe(count);
    expect(count).toBeGreaterThan(30_000);
    const first = vectors.vectors.find(({ name }) => name === "output-first-syn")!;
    events!.onFrame(Buffer.from(first.hex, "hex"));
    expect(taken).toEqual([Buffer.from(first.decoded.PayloadHex!, "hex").toString()]);
  });
});
