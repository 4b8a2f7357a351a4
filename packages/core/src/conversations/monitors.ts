import type { Clock } from "../clock.js";
import type { InstantMs, JsonValue, Monitor, MonitorReadings } from "../contract/index.js";

interface Known {
  reading: JsonValue | undefined;
  measuredAtMs: InstantMs;
  underWay: Promise<void> | undefined;
}

/**
 * What monitors last found. Asking never waits: an old reading is given at once and replaced meanwhile. Nothing is measured while
 * nobody asks, so no timer keeps the process alive.
 */
export class MonitorBoard {
  readonly #clock: Clock;
  readonly #known = new WeakMap<Monitor, Known>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readings(monitors: readonly Monitor[]): MonitorReadings {
    return Object.fromEntries(
      monitors.map((monitor) => {
        const known = this.#of(monitor);
        if (this.#clock.now() - known.measuredAtMs >= monitor.maxAgeMs) void this.#measure(monitor, known);
        return [monitor.name, known.reading];
      }),
    );
  }

  /** Measures now, for those who want to see: a screen, a health check. */
  async refresh(monitors: readonly Monitor[]): Promise<MonitorReadings> {
    await Promise.all(monitors.map((monitor) => this.#measure(monitor, this.#of(monitor))));
    return this.readings(monitors);
  }

  #of(monitor: Monitor): Known {
    let known = this.#known.get(monitor);
    if (!known) {
      known = { reading: undefined, measuredAtMs: Number.NEGATIVE_INFINITY, underWay: undefined };
      this.#known.set(monitor, known);
    }
    return known;
  }

  #measure(monitor: Monitor, known: Known): Promise<void> {
    known.underWay ??= this.#measured(monitor, known).finally(() => {
      known.underWay = undefined;
    });
    return known.underWay;
  }

  async #measured(monitor: Monitor, known: Known): Promise<void> {
    try {
      known.reading = await monitor.measure();
    } catch {
      // Nothing found is something found: an old reading would go on saying that all is well.
      known.reading = undefined;
    }
    known.measuredAtMs = this.#clock.now();
  }
}
