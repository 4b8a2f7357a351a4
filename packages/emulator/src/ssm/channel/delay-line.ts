import type { EmulatorTimer } from "../../clock.js";
import type { Stage } from "../stage.js";

/** Keeps what passes for its travelling time, in order; one timer, however much is on its way. */
export interface DelayLine {
  /** False when everything may pass at once. */
  isNeeded(): boolean;
  readonly heldBytes: number;
  enter(bytes: number, leave: () => void): void;
  clear(): void;
}

export function createDelayLine(stage: Stage, released: () => void): DelayLine {
  const { clock, timers } = stage;
  const waiting: { atMs: number; bytes: number; leave: () => void }[] = [];
  let heldBytes = 0;
  /** When the line is free for the next byte, at its speed. */
  let freeAtMs = 0;
  let timer: EmulatorTimer | undefined;

  const run = (): void => {
    timer = undefined;
    const nowMs = clock.now();
    let count = 0;
    for (const { atMs, bytes, leave } of waiting) {
      if (atMs > nowMs) break;
      count += 1;
      heldBytes -= bytes;
      leave();
    }
    waiting.splice(0, count);
    arm();
    if (count > 0) released();
  };
  const arm = (): void => {
    const [first] = waiting;
    if (first === undefined || timer !== undefined) return;
    timer = timers.after(Math.max(1, first.atMs - clock.now()), run);
  };
  return {
    isNeeded: () => waiting.length > 0 || stage.dials.latencyMs > 0 || stage.dials.bytesPerSecond !== null,
    get heldBytes() {
      return heldBytes;
    },
    enter(bytes, leave) {
      const { latencyMs, bytesPerSecond } = stage.dials;
      const startMs = Math.max(clock.now(), freeAtMs);
      freeAtMs = startMs + (bytesPerSecond === null ? 0 : (bytes / bytesPerSecond) * 1_000);
      waiting.push({ atMs: freeAtMs + latencyMs, bytes, leave });
      heldBytes += bytes;
      arm();
    },
    clear() {
      timer?.cancel();
      timer = undefined;
      waiting.length = 0;
      heldBytes = 0;
      freeAtMs = 0;
    },
  };
}
