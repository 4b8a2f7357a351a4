import type { Allowance, LimitShape } from "./limit-shapes.js";
import { type LimitPlan, shapeOf } from "./plan.js";

export interface Verdict {
  readonly isAccepted: boolean;
  /** For a refusal: until the same request would pass. */
  readonly waitMs: number;
  /** Of the first limit; absent when there is none. */
  readonly allowance?: Allowance & { readonly windowMs: number };
}

/** All limits of one run, over the account and per session. A request takes of all of them or of none. */
export class Limiter {
  readonly #plans: readonly LimitPlan[];
  readonly #shapes = new Map<string, LimitShape>();

  constructor(plans: readonly LimitPlan[]) {
    this.#plans = plans;
  }

  judge(session: string, atMs: number): Verdict {
    const limits = this.#plans.map((plan, place) => ({ plan, shape: this.#shape(plan, place, session) }));
    const waitMs = Math.max(0, ...limits.map(({ shape }) => shape.waitMs(atMs)));
    const isAccepted = waitMs === 0;
    if (isAccepted) for (const { shape } of limits) shape.take(atMs);
    // Headers speak of one limit and always of the same: real ones do, and a reader could not tell them apart.
    const [told] = limits;
    const allowance = told && { ...told.shape.allowance(atMs), windowMs: told.plan.windowMs };
    return { isAccepted, waitMs, ...(allowance ? { allowance } : {}) };
  }

  #shape(plan: LimitPlan, place: number, session: string): LimitShape {
    const key = plan.scope === "account" ? `${place}` : `${place} ${session}`;
    let shape = this.#shapes.get(key);
    if (!shape) {
      shape = shapeOf(plan);
      this.#shapes.set(key, shape);
    }
    return shape;
  }
}

/** The shortest time in which these sends can all be accepted, told by a client that knows everything and has no latency. */
export function leastDrainMs(plans: readonly LimitPlan[], sendCount: number, sessionCount = 1): number {
  const limiter = new Limiter(plans);
  const left = Array.from({ length: sessionCount }, (_, session) => Math.ceil((sendCount - session) / sessionCount));
  let atMs = 0;
  let lastMs = 0;
  for (let sent = 0; sent < sendCount; ) {
    let nextMs = Number.POSITIVE_INFINITY;
    let isProgress = false;
    // One each and the longest queue first, so that none is left alone with its own limit at the end.
    const byQueue = [...left.entries()].filter(([, count]) => count > 0).toSorted(([, a], [, b]) => b - a);
    for (const [session, count] of byQueue) {
      const verdict = limiter.judge(`${session}`, atMs);
      if (verdict.isAccepted) {
        left[session] = count - 1;
        sent++;
        lastMs = atMs;
        isProgress = true;
      } else nextMs = Math.min(nextMs, verdict.waitMs);
    }
    // A step that rounding swallows would stand still.
    if (!isProgress) atMs += Math.max(nextMs, 0.001);
  }
  return lastMs;
}
