import { describe, expect, it } from "vitest";
import { FramePool } from "../../src/channel/frame-pool.js";
import { decodeClientMessage } from "../../src/codec/decode.js";
import { sealStreamFrame } from "../../src/codec/encode.js";
import { MessageIds } from "../../src/codec/message-id.js";

const ids = new MessageIds();

/** Fills a frame of the pool as a sender would. */
function written(pool: FramePool, text: string, sequence: number): Buffer {
  const frame = pool.take(text.length);
  frame.write(text, 120, "latin1");
  sealStreamFrame(frame, sequence, 1, 1000 + sequence, ids);
  return frame;
}

describe("frames that are used again", () => {
  it("are as good as new ones", () => {
    const pool = new FramePool();
    const first = written(pool, "first", 1);
    pool.giveBack(first);
    const second = written(pool, "other", 2 ** 40);
    expect(second).toBe(first);
    expect(decodeClientMessage(second).message).toMatchObject({
      messageType: "input_stream_data",
      sequenceNumber: 2n ** 40n,
      flags: 0n,
      payload: Buffer.from("other"),
    });
  });

  it("are only those of the greatest length, and no more than a window of them", () => {
    const pool = new FramePool();
    const short = written(pool, "short", 1);
    const long = written(pool, "a longer one", 2);
    pool.giveBack(short);
    pool.giveBack(long);
    pool.giveBack(short);
    expect(pool.take(5)).not.toBe(short);
    expect(pool.take(12)).toBe(long);
    expect(pool.take(12)).not.toBe(long);
    const huge = Array.from({ length: 6 }, () => pool.take(1024 * 1024));
    for (const frame of huge) pool.giveBack(frame);
    const again = new Set(Array.from({ length: 6 }, () => pool.take(1024 * 1024)));
    expect(huge.filter((frame) => again.has(frame)).length).toBeLessThan(6);
  });
});
