import { describe, expect, it } from "vitest";
import { listenForInterrupt } from "../src/interrupt.js";
import { FakeSignals } from "./support/terminal.js";

describe("Ctrl-C", () => {
  it("cancels at the first, and ends the process with 3 at the second, with the terminal in order", () => {
    const signals = new FakeSignals();
    const done: string[] = [];
    const { signal } = listenForInterrupt(signals, () => done.push("cursor"));
    expect(signal.aborted).toBe(false);
    signals.emit("SIGINT");
    expect(signal.aborted).toBe(true);
    expect((signal.reason as Error).name).toBe("AbortError");
    expect(signals.exits).toEqual([]);
    signals.emit("SIGTERM");
    expect(signals.exits).toEqual([3]);
    expect(done).toEqual(["cursor"]);
  });

  it("is no longer heard when the command is over", () => {
    const signals = new FakeSignals();
    listenForInterrupt(signals).dispose();
    expect(signals.listenerCount("SIGINT") + signals.listenerCount("SIGTERM")).toBe(0);
  });
});
