import { describe, expect, it } from "vitest";
import { createStream } from "../../src/sessions/stream.js";

const ended = { done: true, value: undefined };

describe("a stream that is fed from outside", () => {
  it("keeps what came before anybody read, in order", async () => {
    const stream = createStream<number>();
    for (const value of [1, 2, 3]) stream.push(value);
    stream.end();
    const read: number[] = [];
    for await (const value of stream) read.push(value);
    expect(read).toEqual([1, 2, 3]);
  });

  it("gives waiting readers their values first come, first served", async () => {
    const stream = createStream<string>();
    const [first, second] = [stream.next(), stream.next()];
    stream.push("a");
    stream.push("b");
    expect(await Promise.all([first, second])).toEqual([
      { done: false, value: "a" },
      { done: false, value: "b" },
    ]);
  });

  it("hands out what is left before it ends, and takes nothing after", async () => {
    const stream = createStream<string>();
    stream.push("last");
    stream.end();
    stream.push("too late");
    expect(await stream.next()).toEqual({ done: false, value: "last" });
    expect(await stream.next()).toEqual(ended);
  });

  it("throws its error once, after the values before it", async () => {
    const stream = createStream<string>();
    stream.push("before");
    stream.fail(new Error("broken"));
    expect(await stream.next()).toEqual({ done: false, value: "before" });
    await expect(stream.next()).rejects.toThrow("broken");
    expect(await stream.next()).toEqual(ended);
  });

  it("rejects readers that wait when it fails, and releases them when it ends", async () => {
    const failing = createStream<string>();
    const waiting = failing.next();
    failing.fail(new Error("broken"));
    await expect(waiting).rejects.toThrow("broken");
    const ending = createStream<string>();
    const released = ending.next();
    ending.end();
    expect(await released).toEqual(ended);
  });

  it("tells once when its reader leaves early, and keeps nothing for it", async () => {
    let leftCount = 0;
    const stream = createStream<number>(() => {
      leftCount += 1;
    });
    for (const value of [1, 2]) stream.push(value);
    for await (const _value of stream) break;
    await stream.return?.();
    expect(leftCount).toBe(1);
    expect(await stream.next()).toEqual(ended);
  });

  it("does not tell of leaving when it had ended by itself", async () => {
    let leftCount = 0;
    const stream = createStream<number>(() => {
      leftCount += 1;
    });
    stream.end();
    await stream.return?.();
    expect(leftCount).toBe(0);
  });

  it("carries values that are undefined", async () => {
    const stream = createStream<undefined>();
    stream.push(undefined);
    stream.end();
    expect(await stream.next()).toEqual({ done: false, value: undefined });
    expect(await stream.next()).toEqual(ended);
  });
});
