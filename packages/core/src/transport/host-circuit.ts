import type { Random } from "../random.js";
import {
  type CircuitCause,
  type CircuitEvent,
  type CircuitState,
  closedCircuit,
  nextCircuit,
  stayAwayMs,
} from "./circuit.js";
import type { TransportLimits } from "./options.js";

/** The circuit of one host, which all providers and sessions that talk to it share. */
export class HostCircuit {
  readonly #limits: Required<TransportLimits>;
  readonly #random: Random;
  #state: CircuitState = closedCircuit;

  constructor(limits: Required<TransportLimits>, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  get cause(): CircuitCause {
    return this.#state.kind === "closed" ? "unavailable" : this.#state.cause;
  }

  /** How long to stay away; undefined when a request may leave. */
  stayAwayMs(nowMs: number): number | undefined {
    return this.#state.kind === "closed" ? undefined : stayAwayMs(this.#state, nowMs, this.#rules());
  }

  /** A request is about to leave. True: it is the one that finds out, and must tell how it ended. */
  depart(nowMs: number): boolean {
    if (this.#state.kind === "closed") return false;
    this.#next({ type: "departing", nowMs });
    return this.#state.kind === "half_open";
  }

  answered(): void {
    this.#next({ type: "answered" });
  }

  failed(cause: CircuitCause, nowMs: number, retryAfterMs: number | undefined): void {
    const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
    this.#next({ type: "failed", cause, nowMs, chance: this.#random(), ...asked });
  }

  abandoned(nowMs: number): void {
    this.#next({ type: "abandoned", nowMs });
  }

  #next(event: CircuitEvent): void {
    this.#state = nextCircuit(this.#state, event, this.#rules());
  }

  #rules(): { readonly failuresToOpen: number; readonly openBaseMs: number; readonly openCapMs: number } {
    const { failuresToOpenCircuit, circuitBaseMs, circuitCapMs } = this.#limits;
    return { failuresToOpen: failuresToOpenCircuit, openBaseMs: circuitBaseMs, openCapMs: circuitCapMs };
  }
}
