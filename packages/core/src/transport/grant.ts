import { blame } from "./blame.js";
import { Bucket } from "./bucket.js";
import type { AnsweredFate, Fate, Permit, Resource } from "./resource.js";

/** Looks again at a resource whose state changed. */
interface Doorkeeper {
  refresh(resource: Resource): void;
}

/** Permits of all resources that a request asked for, together. */
export class Grant {
  readonly #gate: Doorkeeper;
  readonly #resources: readonly Resource[];
  readonly #permits: readonly Permit[];
  #isSettled = false;

  constructor(gate: Doorkeeper, resources: readonly Resource[], permits: readonly Permit[]) {
    this.#gate = gate;
    this.#resources = resources;
    this.#permits = permits;
  }

  /** Tells what became of the request. A second time does nothing. */
  settle(fate: Fate): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const known = fate.kind === "answered" && fate.isRefused ? { ...fate, blamed: this.#blamed(fate) } : fate;
    for (const permit of this.#permits) permit.settle(known);
    for (const resource of this.#resources) this.#gate.refresh(resource);
  }

  #blamed(fate: AnsweredFate): readonly Resource[] {
    return blame(
      this.#resources.filter((resource): resource is Bucket => resource instanceof Bucket),
      fate,
    );
  }
}
