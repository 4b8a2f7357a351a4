import type { SharedAnswer, SharedBudget, SharedCall, SharedPermit, SharedRule } from "@colloquy/core";

/** One fresh place at which holders meet. */
export interface SharedBudgetSubject {
  /** Another handle on the same place, as another process has one. The suite closes it. */
  readonly budget: () => SharedBudget;
  /** Lets so much time pass on the budget's clock, and hardly more. */
  readonly elapse: (ms: number) => Promise<void>;
  /** Forgets everything, as a restart without persistence does. Absent when that cannot happen. */
  readonly forget?: () => Promise<void>;
  /** Removes the place. Called after every test, also after a failed one. */
  readonly dispose?: () => Promise<void>;
}

export interface SharedBudgetContext extends Omit<SharedBudgetSubject, "budget" | "dispose"> {
  /** A holder of the allowance "shop", with a handle of its own. */
  readonly holder: (name: string, options?: HolderOptions) => TestHolder;
}

export interface SharedBudgetCase {
  /** A sentence about the budget. */
  readonly title: string;
  /** Only for budgets that can forget. */
  readonly needsForgetting?: boolean;
  readonly run: (context: SharedBudgetContext) => Promise<void>;
}

export interface HolderOptions {
  readonly key?: string;
  readonly rules?: readonly SharedRule[];
}

/** 5 in 400 ms. */
export const fiveIn400: readonly SharedRule[] = [{ limit: 5, windowMs: 400 }];

/** Behaves as a process of Colloquy does: names what it holds, tells what was counted, remembers the epoch. */
export class TestHolder {
  readonly #budget: SharedBudget;
  readonly #name: string;
  readonly #key: string;
  readonly #rules: readonly SharedRule[];
  #turn = 0;
  #calls = 0;
  #epoch: string | undefined;
  #held: readonly SharedPermit[] = [];
  /** The last answer. */
  answer: SharedAnswer | undefined;

  constructor(budget: SharedBudget, name: string, { key = "shop", rules = fiveIn400 }: HolderOptions = {}) {
    this.#budget = budget;
    this.#name = name;
    this.#key = key;
    this.#rules = rules;
  }

  get holds(): readonly number[] {
    return this.#held.map(({ id }) => id);
  }

  /** How many of its permits are due. */
  get dueCount(): number {
    return this.#held.filter(({ dueAtMs }) => dueAtMs <= (this.answer?.nowMs ?? 0)).length;
  }

  /** Names none of its permits any more. */
  letGo(): void {
    this.#held = [];
  }

  /** Asks, and takes what it is given. */
  async ask(wanted: number, more: Partial<SharedCall> = {}): Promise<SharedAnswer> {
    const answer = await this.#budget.exchange({
      key: this.#key,
      holder: this.#name,
      turn: ++this.#turn,
      rules: this.#rules,
      ...(this.#epoch === undefined ? {} : { epoch: this.#epoch }),
      newEpoch: `${this.#name}-${++this.#calls}`,
      holds: this.holds,
      counted: [],
      wanted,
      ...more,
    });
    if (answer.epoch !== this.#epoch) this.letGo();
    this.#epoch = answer.epoch;
    this.#held = [...this.#held, ...answer.permits].toSorted((a, b) => a.dueAtMs - b.dueAtMs);
    this.answer = answer;
    return answer;
  }

  /** Tells that so many of its permits were used and counted at this instant (default: now), and asks for more. */
  async use(count: number, wanted = 0, atMs?: number): Promise<SharedAnswer> {
    this.#held = this.#held.slice(count);
    const countedAtMs = atMs ?? this.answer?.nowMs ?? 0;
    return this.ask(wanted, { counted: Array.from({ length: count }, () => countedAtMs) });
  }

  /** Asks until it gets no more, as a holder alone does. */
  async askAll(wanted: number): Promise<readonly SharedAnswer[]> {
    const answers: SharedAnswer[] = [];
    for (let left = wanted; left > 0; ) {
      const answer = await this.ask(left);
      answers.push(answer);
      if (answer.permits.length === 0) break;
      left -= answer.permits.length;
    }
    return answers;
  }
}
