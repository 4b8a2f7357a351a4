import type { Clock, Timer } from "../clock.js";
import type { ProviderManifest, SessionState } from "../contract/index.js";
import type { LifecycleSnapshot } from "../lifecycle/snapshot.js";

const active: ReadonlySet<SessionState> = new Set(["connecting", "pairing", "reconnecting", "closing"]);

/** Asks for the state at intervals, where a provider has no connection that would notice a change. */
export class StatePoller {
  readonly #clock: Clock;
  readonly #manifest: ProviderManifest;
  readonly #probe: () => void;
  #everyMs: number | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock, manifest: ProviderManifest, probe: () => void) {
    this.#clock = clock;
    this.#manifest = manifest;
    this.#probe = probe;
  }

  /** Adapts the rhythm to the state; the same rhythm keeps its beat. */
  follow(lifecycle: LifecycleSnapshot): void {
    const everyMs = this.#rhythm(lifecycle);
    if (everyMs === this.#everyMs) return;
    this.stop();
    this.#everyMs = everyMs;
    this.#next();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#everyMs = undefined;
  }

  #rhythm({ state, timers }: LifecycleSnapshot): number | undefined {
    const { traits, timings } = this.#manifest;
    // Between two attempts to reconnect nothing is under way, and asking would defeat the back-off.
    if (!traits.statePolling || timers.reconnectDue !== undefined) return undefined;
    // A session that is one question ends with its answer, of which a line may tell sooner, or never.
    if (state === "connected" || state === "waiting") return timings.pollConnectedMs;
    return active.has(state) ? timings.pollActiveMs : undefined;
  }

  #next(): void {
    if (this.#everyMs === undefined) return;
    this.#timer = this.#clock.setTimer(this.#clock.now() + this.#everyMs, () => {
      this.#probe();
      this.#next();
    });
  }
}
