import type { Clock } from "../../clock.js";
import type { Logger } from "../../logger.js";
import type { Random } from "../../random.js";
import type { Telemetry } from "../../telemetry.js";
import type { SharedAnswer, SharedBudget, SharedCall } from "./shared-budget.js";

/** A budget that does not answer by then counts as out of reach; the first answer may take a connection. ASSUMED. */
const patienceMs = 500;
const firstPatienceMs = 2_000;

/** Between attempts to reach it again: doubling. Below the least hold, so that everybody is back before one ends. ASSUMED. */
const leastRetryMs = 50;
const mostRetryMs = 500;

export interface LinkOptions {
  readonly budget: SharedBudget;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

/** The way to the budget: never throws, never hangs, and says whether it can be reached. */
export class BudgetLink {
  readonly #options: LinkOptions;
  #failures = 0;
  #hasAnswered = false;
  #isClosed = false;
  retryAtMs = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get isDegraded(): boolean {
    return this.#failures > 0;
  }

  /** The answer, or undefined when there was none in time. An answer that comes later is not looked at. */
  async exchange(call: SharedCall): Promise<SharedAnswer | undefined> {
    const { budget, clock } = this.#options;
    const untilMs = clock.now() + (this.#hasAnswered ? patienceMs : firstPatienceMs);
    try {
      const answer = await new Promise<SharedAnswer>((resolve, reject) => {
        const timer = clock.setTimer(untilMs, () => reject(new Error("No answer in time.")));
        budget.exchange(call).then(
          (value) => {
            timer.cancel();
            resolve(value);
          },
          (error: unknown) => {
            timer.cancel();
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        );
      });
      this.#succeeded();
      return answer;
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#options.budget.close().catch(() => {});
  }

  #succeeded(): void {
    const { budget, logger } = this.#options;
    if (this.isDegraded && !this.#isClosed) logger.log("info", "shared_limits.restored", { budget: budget.name });
    this.#hasAnswered = true;
    this.#failures = 0;
  }

  #failed(error: unknown): void {
    const { budget, clock, random, logger, telemetry } = this.#options;
    if (!this.isDegraded && !this.#isClosed) {
      // Its words may name a host or a password: only its kind is told.
      const because = error instanceof Error ? error.name : typeof error;
      logger.log("warn", "shared_limits.degraded", { budget: budget.name, because });
      telemetry.count("colloquy.shared_limits.degraded", { budget: budget.name });
    }
    const retryMs = Math.min(mostRetryMs, leastRetryMs * 2 ** Math.min(16, this.#failures));
    this.#failures++;
    this.retryAtMs = clock.now() + Math.ceil(retryMs * (0.5 + random() / 2));
  }
}
