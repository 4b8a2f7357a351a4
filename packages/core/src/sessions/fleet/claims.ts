import type { SessionId } from "../../contract/index.js";
import { mintId } from "../../random.js";
import type { Runtime } from "../runtime.js";

/** For so long workers leave a session alone that a command took; then one of them runs it again. */
const claimMs = 15_000;
/** A process that takes many sessions over asks only so often whether there are workers. */
const believedMs = 2_000;

/** How a process that is no worker takes sessions over where workers run them. */
export class Claims {
  readonly #runtime: Runtime;
  readonly #owner: string;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #areWorkers: Promise<boolean> = Promise.resolve(false);

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#owner = mintId("cmd", runtime.clock.now(), runtime.random);
  }

  async claim(sessionId: SessionId): Promise<void> {
    const { leases } = this.#runtime.store;
    const nowMs = this.#runtime.clock.now();
    if (nowMs - this.#askedAtMs >= believedMs) {
      this.#askedAtMs = nowMs;
      this.#areWorkers = leases.members().then(({ length }) => length > 0);
    }
    if (await this.#areWorkers) await leases.seize(sessionId, this.#owner, claimMs);
  }
}
