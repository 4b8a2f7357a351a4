import { seededRandom } from "@colloquy/core";
import { type FaultKind, faultDraw } from "./faults.js";
import { Limiter, type Verdict } from "./limiter.js";
import type { ServerPlan, ServerReport } from "./plan.js";

/** A message as any client writes it: the text is its id, the addressee its session. */
export interface Submitted {
  readonly id: string;
  readonly session: string;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly fault?: FaultKind;
}

/** One run of one client: its limits, its faults, its books. */
export class Run {
  readonly plan: ServerPlan;
  readonly #limiter: Limiter;
  readonly #drawFault: () => FaultKind | undefined;
  readonly #random: () => number;
  readonly #accepted: { readonly id: string; readonly atMs: number }[] = [];
  readonly #refused: number[] = [];
  readonly #seen = new Set<string>();
  #firstAtMs: number | undefined;
  #duplicateCount = 0;
  #faultCount = 0;

  constructor(plan: ServerPlan) {
    this.plan = plan;
    this.#limiter = new Limiter(plan.limits);
    this.#drawFault = faultDraw(plan.faults, plan.seed);
    this.#random = seededRandom(plan.seed + 1);
  }

  /** How long one way takes this time. */
  wayMs(): number {
    const [least, most] = this.plan.wayMs ?? [0, 0];
    return least + this.#random() * (most - least);
  }

  judge({ id, session }: Submitted, atMs: number): Judged {
    this.#firstAtMs ??= atMs;
    const fault = this.#drawFault();
    if (fault) this.#faultCount++;
    if (fault === "unavailable" || fault === "dropped") return { verdict: { isAccepted: false, waitMs: 0 }, fault };
    const verdict = this.#limiter.judge(session, atMs);
    if (verdict.isAccepted) this.#accept(id, atMs);
    else this.#refused.push(atMs);
    return { verdict, ...(fault ? { fault } : {}) };
  }

  report(): ServerReport {
    const firstMs = this.#firstAtMs ?? 0;
    return {
      acceptedAtMs: this.#accepted.map(({ atMs }) => atMs - firstMs),
      acceptedIds: this.#accepted.map(({ id }) => id),
      refusedAtMs: this.#refused.map((atMs) => atMs - firstMs),
      duplicateCount: this.#duplicateCount,
      faultCount: this.#faultCount,
    };
  }

  #accept(id: string, atMs: number): void {
    if (this.#seen.has(id)) this.#duplicateCount++;
    this.#seen.add(id);
    this.#accepted.push({ id, atMs });
  }
}
