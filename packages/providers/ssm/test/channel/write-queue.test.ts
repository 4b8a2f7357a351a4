import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WriteQueue } from "../../src/channel/write-queue.js";

interface Frame {
  readonly type: number;
  readonly bytes: string;
}

/** Cuts everything that waits into frames, as the sender does. */
function drained(queue: WriteQueue, mostBytes: number, onEnded: (callbacks: object) => void = () => {}): Frame[] {
  const frames: Frame[] = [];
  while (!queue.isEmpty) {
    const type = queue.nextType;
    const target = Buffer.alloc(queue.nextBytes(mostBytes) + 2, "#");
    queue.fill(target, 1, target.length - 2, onEnded);
    expect([target[0], target.at(-1)]).toEqual([0x23, 0x23]);
    frames.push({ type, bytes: target.toString("latin1", 1, target.length - 1) });
  }
  return frames;
}

const writes = fc.array(
  fc.record({
    type: fc.constantFrom(1, 1, 1, 3, 10),
    chunks: fc.array(fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 4 }),
  }),
  { maxLength: 30 },
);

describe("what waits to be sent", () => {
  it("leaves in order and complete, output in full frames, anything else in one frame for each chunk", () => {
    fc.assert(
      fc.property(writes, fc.integer({ min: 1, max: 40 }), (given, mostBytes) => {
        const queue = new WriteQueue();
        for (const { type, chunks } of given)
          queue.push(
            type,
            chunks.map((chunk) => Buffer.from(chunk, "latin1")),
            {},
          );
        const frames = drained(queue, mostBytes);
        const joined = (list: readonly Frame[]): string =>
          list.map(({ type, bytes }) => Array.from(bytes, (byte) => `${type}:${byte}`).join(" ")).join(" ");
        expect(joined(frames)).toBe(
          joined(given.flatMap(({ type, chunks }) => chunks.map((bytes) => ({ type, bytes })))),
        );
        for (const [index, { type, bytes }] of frames.entries()) {
          if (type !== 1) continue;
          expect(bytes.length).toBeLessThanOrEqual(mostBytes);
          if (frames[index + 1]?.type === 1) expect(bytes.length).toBe(mostBytes);
        }
      }),
      { seed: 11 },
    );
  });

  it("tells each write once, when its last byte is in a frame", () => {
    const queue = new WriteQueue();
    const told: string[] = [];
    const callbacks = (name: string): { onTaken: () => void } => ({ onTaken: () => told.push(name) });
    queue.push(1, [Buffer.from("aaa"), Buffer.from("aa")], callbacks("a"));
    queue.push(1, [Buffer.from("b")], callbacks("b"));
    queue.push(1, [Buffer.from("cccccc")], callbacks("c"));
    const seen: string[] = [];
    drained(queue, 4, (entry) => {
      (entry as { onTaken?: () => void }).onTaken?.();
      seen.push(told.join(""));
    });
    expect(told).toEqual(["a", "b", "c"]);
    expect(seen.at(-1)).toBe("abc");
  });

  it("fails what is left, once", () => {
    const queue = new WriteQueue();
    const failures: (Error | undefined)[] = [];
    queue.push(1, [Buffer.from("a"), Buffer.from("b")], { onTaken: (error) => failures.push(error) });
    const error = new Error("over");
    queue.fail(error);
    queue.fail(new Error("again"));
    expect(failures).toEqual([error]);
    expect(queue.isEmpty).toBe(true);
  });
});
