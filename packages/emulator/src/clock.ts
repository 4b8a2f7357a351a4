/** A timer that has been set; cancelling one that already ran does nothing. */
export interface EmulatorTimer {
  cancel(): void;
}

/** Where the emulator reads the time. Hand in a virtual one to make every delay, limit and lifetime testable at once. */
export interface EmulatorClock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Runs `run` once when the clock reaches `atMs` (Unix milliseconds). */
  setTimer(atMs: number, run: () => void): EmulatorTimer;
}

/** The longest delay that `setTimeout` accepts; a longer one would fire at once. */
const longestDelayMs = 2 ** 31 - 1;

/** Real time. Timers do not keep the process alive: the listening socket does, until `close()`. */
export const realClock: EmulatorClock = {
  now: () => Date.now(),
  setTimer(atMs, run) {
    let timeout: NodeJS.Timeout;
    const arm = (): void => {
      const delayMs = Math.max(0, atMs - Date.now());
      timeout = setTimeout(() => (delayMs > longestDelayMs ? arm() : run()), Math.min(delayMs, longestDelayMs));
      timeout.unref();
    };
    arm();
    return { cancel: () => clearTimeout(timeout) };
  },
};

/** Every timer of one emulator, so that closing or resetting it leaves none behind. */
export interface Timers {
  /** Runs `run` after `delayMs`; at once, before returning, when the delay is not positive. */
  after(delayMs: number, run: () => void): EmulatorTimer;
  /** Resolves after `delayMs`; never, when the timers are cancelled first. */
  wait(delayMs: number): Promise<void>;
  cancelAll(): void;
}

export function createTimers(clock: EmulatorClock): Timers {
  const running = new Set<EmulatorTimer>();
  const after = (delayMs: number, run: () => void): EmulatorTimer => {
    if (delayMs <= 0) {
      run();
      return { cancel: () => undefined };
    }
    const timer = clock.setTimer(clock.now() + delayMs, () => {
      running.delete(handle);
      run();
    });
    const handle: EmulatorTimer = {
      cancel() {
        running.delete(handle);
        timer.cancel();
      },
    };
    running.add(handle);
    return handle;
  };
  return {
    after,
    wait: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    cancelAll() {
      // A cancelled timer leaves the set; going on over the same set is well defined.
      for (const timer of running) timer.cancel();
    },
  };
}
