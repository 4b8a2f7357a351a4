import type { SharedBudgetSubject } from "@colloquy/conformance";
import { localBudget, type SharedAnswer, type SharedBudget, type SharedCall } from "@colloquy/core";
import { virtualClock } from "@colloquy/core/testing";

export type Exchange = SharedBudget["exchange"];

/** One mistake that a shared budget could make, and the tests that must find it. */
export interface Fault {
  /** A sentence about the faulty budget. */
  readonly name: string;
  readonly fails: readonly string[];
  /** Puts the mistake into one place, which all handles share. */
  readonly tamper?: (exchange: Exchange) => Exchange;
  /** Each handle has a place of its own. */
  readonly isApart?: boolean;
  /** It survives what should have emptied it. */
  readonly remembers?: boolean;
}

/** Changes the calls that arrive. */
export const hearing =
  (change: (call: SharedCall) => SharedCall) =>
  (exchange: Exchange): Exchange =>
  (call) =>
    exchange(change(call));

/** Changes the answers that leave. */
export const saying =
  (change: (answer: SharedAnswer, call: SharedCall) => Partial<SharedAnswer>) =>
  (exchange: Exchange): Exchange =>
  async (call) => {
    const answer = await exchange(call);
    return { ...answer, ...change(answer, call) };
  };

/** A correct budget but for the fault. */
export function subjectWith(fault: Partial<Fault>): SharedBudgetSubject {
  const clock = virtualClock();
  const tamper = fault.tamper ?? ((exchange: Exchange) => exchange);
  let place = localBudget(clock);
  const shared = tamper((call) => place.exchange(call));
  return {
    budget: () => {
      const own = fault.isApart ? localBudget(clock).exchange : shared;
      return { name: "tampered", exchange: (call) => own(call), close: async () => {} };
    },
    elapse: (ms) => clock.advance(ms),
    forget: async () => {
      if (!fault.remembers) place = localBudget(clock);
    },
  };
}
