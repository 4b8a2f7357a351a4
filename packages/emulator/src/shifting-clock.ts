import type { EmulatorClock } from "./clock.js";

/** Real time that can be moved ahead: what falls due on the way happens at once. For tests over real sockets. */
export function shiftingClock(): EmulatorClock & { shift(ms: number): void } {
  const armed = new Set<{ readonly atMs: number; readonly run: () => void; handle: NodeJS.Timeout }>();
  let aheadMs = 0;
  const now = (): number => Date.now() + aheadMs;
  return {
    now,
    setTimer(atMs, run) {
      const fire = (): void => {
        armed.delete(timer);
        run();
      };
      const timer = { atMs, run: fire, handle: setTimeout(fire, Math.max(0, atMs - now())) };
      armed.add(timer);
      return {
        cancel: () => {
          clearTimeout(timer.handle);
          armed.delete(timer);
        },
      };
    },
    shift(ms) {
      aheadMs += ms;
      for (const timer of [...armed].toSorted((one, other) => one.atMs - other.atMs)) {
        if (timer.atMs > now() || !armed.has(timer)) continue;
        clearTimeout(timer.handle);
        timer.run();
      }
    },
  };
}
