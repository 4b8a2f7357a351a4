import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LifecycleEvent } from "../../src/lifecycle/events.js";
import { eventTypes, isSessionState } from "../../src/lifecycle/kinds.js";
import { migrateSnapshot } from "../../src/lifecycle/migrate.js";
import { type LifecycleSnapshot, newSnapshot } from "../../src/lifecycle/snapshot.js";
import { nextTimer } from "../../src/lifecycle/timers.js";
import { createTransition, type TransitionFunction, transition } from "../../src/lifecycle/transition.js";
import { liveAfter, violated } from "./invariants.js";
import { at, startMs } from "./setting.js";
import { chosenSeed } from "./walk.js";

const seed = chosenSeed();
const checked = { seed, numRuns: 400 };

const cause = fc.record({
  class: fc.constantFrom("transient", "bounded", "progress", "yield", "fatal", "cosmic"),
  reason: fc.constant("trouble"),
});
const identity = fc.constantFrom(undefined, { id: "+15550100" }, { id: "+15550999" });
const event = fc
  .record({ type: fc.constantFrom(...eventTypes), cause, identity, isLate: fc.boolean() })
  .map(({ isLate, ...rest }) => ({
    isLate,
    event: {
      ...rest,
      reason: "said_so",
      challenge: { kind: "qr", artefact: "made-up" },
      restrictions: [],
      health: { status: "ok", signals: [] },
    },
  }));
/** An event, a time to pass, or whichever timer falls due next. */
const step = fc.oneof({ weight: 4, arbitrary: event }, fc.nat(120_000), fc.constant("next timer" as const));
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The first invariant that the steps break, if any. */
function firstViolation(reduce: TransitionFunction, steps: readonly Step[]): string | undefined {
  let before: LifecycleSnapshot = newSnapshot(startMs, { expectedIdentity: "+1 555 0100" });
  let live: ReadonlySet<number> = new Set();
  let nowMs = startMs;
  for (const given of steps) {
    if (typeof given === "number") {
      nowMs += given;
      continue;
    }
    const due = given === "next timer" ? nextTimer(before.timers) : undefined;
    if (due) nowMs = Math.max(nowMs, due.atMs);
    const next =
      given === "next timer"
        ? { type: due?.name ?? "ttlDue" }
        : { ...given.event, ...(given.isLate ? { generation: before.generation - 1 } : {}) };
    const context = at(nowMs);
    const result = reduce(before, next as LifecycleEvent, context);
    const after = liveAfter(live, result.effects);
    const found = violated({
      before,
      event: next as LifecycleEvent,
      context,
      result,
      transition: reduce,
      liveBefore: live,
      liveAfter: after,
    });
    if (found) return `${found.name}: ${found.detail}`;
    before = result.snapshot;
    live = after;
  }
  return undefined;
}

describe(`for any sequence of events (COLLOQUY_SEED=${seed})`, { timeout: 60_000 }, () => {
  it("every invariant holds", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        expect(firstViolation(transition, steps)).toBeUndefined();
      }),
      checked,
    );
  });

  it("a fault shrinks to the few events that show it", () => {
    const faulty = createTransition({ isStale: () => false });
    const found = fc.check(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => firstViolation(faulty, steps) === undefined),
      { ...checked, numRuns: 5_000 },
    );
    expect(found.failed).toBe(true);
    expect(found.counterexample?.[0].length).toBeLessThanOrEqual(4);
  });

  it("whatever is thrown at it, the reducer answers and leaves the snapshot alone", () => {
    const strange = fc.oneof(
      fc.anything(),
      fc.record({ type: fc.constantFrom(...eventTypes) }),
      fc.record({ type: fc.string(), cause: fc.anything() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), strange, (steps, thrown) => {
        let snapshot = newSnapshot(startMs);
        for (const given of steps)
          if (typeof given === "object")
            snapshot = transition(snapshot, given.event as LifecycleEvent, at(startMs)).snapshot;
        const before = structuredClone(snapshot);
        const result = transition(snapshot, thrown as LifecycleEvent, at(startMs));
        expect(["applied", "recorded", "refused"]).toContain(result.disposition);
        expect(snapshot).toEqual(before);
      }),
      checked,
    );
  });

  it("any stored value is read as a snapshot that the reducer can go on from", () => {
    const stored = fc.oneof(
      fc.anything(),
      fc.record(
        {
          version: fc.constantFrom(0, 1, 2, "1"),
          state: fc.oneof(fc.string(), fc.constantFrom("connected", "pairing", "closing")),
          timers: fc.anything(),
          pairing: fc.anything(),
          health: fc.anything(),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(stored, event, (raw, { event: next }) => {
        const snapshot = migrateSnapshot(raw, startMs);
        expect(isSessionState(snapshot.state) && snapshot.version === 1).toBe(true);
        const restored = transition(snapshot, { type: "restored" }, at(startMs)).snapshot;
        expect(isSessionState(transition(restored, next as LifecycleEvent, at(startMs)).snapshot.state)).toBe(true);
      }),
      checked,
    );
  });
});
