import type { SessionState } from "../contract/index.js";
import { type Action, type ActionName, actions, type Draft, endGeneration, type Work } from "./actions.js";
import type { Effect } from "./effects.js";
import type { LifecycleEvent } from "./events.js";
import { type Facts, guards, type Question, type QuestionName, questions } from "./guards.js";
import { eventKinds, isFinal, stateKinds } from "./kinds.js";
import type { TransitionContext } from "./policy.js";
import type { Row } from "./row.js";
import { sameValue } from "./same-value.js";
import type { LifecycleSnapshot, TimerName } from "./snapshot.js";
import { transitionTable } from "./table.js";
import { earlyFireMs } from "./timers.js";
import { isWellFormed } from "./well-formed.js";

export interface Transition {
  /** `refused` is for commands only; an observation or timer that does not apply is `recorded`. */
  readonly disposition: "applied" | "recorded" | "refused";
  /** The same object when nothing changed. */
  readonly snapshot: LifecycleSnapshot;
  /** To be carried out in this order. */
  readonly effects: readonly Effect[];
  /** The id of the row taken. */
  readonly row?: string;
  readonly changedState: boolean;
  /** Why nothing was done (`stale_generation`, `guard:no_consumer`, …), or what a row that stays was for (`proof`). */
  readonly note?: string;
}

export type TransitionFunction = (
  snapshot: LifecycleSnapshot,
  event: LifecycleEvent,
  context: TransitionContext,
) => Transition;

/** What the reducer is made of. Tests exchange single parts for faulty ones, to show that the checks notice. */
export interface TransitionParts {
  readonly rows: readonly Row[];
  readonly questions: Readonly<Record<QuestionName, Question>>;
  readonly actions: Readonly<Record<ActionName, Action>>;
  readonly isStale: (snapshot: LifecycleSnapshot, event: LifecycleEvent) => boolean;
  /** What every change of state does, whatever the row: see `enterState`. */
  readonly enter: (work: Work, to: SessionState) => void;
}

/** An observation of an opening that has been given up. One without a generation, such as a webhook, is never stale. */
export function isStale(snapshot: LifecycleSnapshot, event: LifecycleEvent): boolean {
  const isObservation = eventKinds[event.type] === "observation";
  const generation = isObservation && "generation" in event ? event.generation : undefined;
  return generation !== undefined && generation < snapshot.generation;
}

/**
 * Leaves nothing of the old state behind: its timers (but not the life's end), goal, pause and cause. Ends the generation
 * when nothing is to run any more, and lets the consumer of challenges go when there is nothing more to consume.
 */
export function enterState(work: Work, to: SessionState): void {
  const { draft, context } = work;
  const from = draft.state;
  const { ttlDue } = draft.timers;
  draft.timers = ttlDue === undefined || isFinal(to) ? {} : { ttlDue };
  delete draft.closingGoal;
  delete draft.suspendedBy;
  delete draft.untilMs;
  delete draft.cause;
  const isPairingUp = to === "connecting" || to === "pairing" || (to === "reconnecting" && !draft.pairing);
  if (!isPairingUp) {
    draft.pairingConsumer = false;
    delete draft.pairing;
  }
  if (from === "connected") draft.health = { status: "unknown", signals: [] };
  if (from !== to) draft.since = context.nowMs;
  draft.state = to;
  const isRunning = stateKinds[to] === "active" && to !== "closing";
  if (stateKinds[from] === "active" && !isRunning) endGeneration(work);
}

const transitionParts: TransitionParts = {
  rows: transitionTable,
  questions,
  actions,
  isStale,
  enter: enterState,
};

type RowIndex = ReadonlyMap<string, readonly Row[]>;

function indexRows(rows: readonly Row[]): RowIndex {
  const index = new Map<string, Row[]>();
  for (const row of rows)
    for (const from of row.from)
      for (const on of row.on) {
        const key = `${from} ${on}`;
        const known = index.get(key);
        if (known) known.push(row);
        else index.set(key, [row]);
      }
  return index;
}

/** Builds a reducer. Callers use {@link transition}; other parts than the real ones are for tests. */
export function createTransition(changed: Partial<TransitionParts> = {}): TransitionFunction {
  const parts = { ...transitionParts, ...changed };
  const index = indexRows(parts.rows);

  /** The matching row, or the first failed guard of the row that came closest. */
  const choose = (facts: Facts): Row | string => {
    let closest = -1;
    let note = "not_applicable";
    for (const row of index.get(`${facts.snapshot.state} ${facts.event.type}`) ?? []) {
      const failed = row.when.findIndex((name) => {
        const { question, accepts } = guards[name];
        return !accepts.includes(parts.questions[question].ask(facts));
      });
      if (failed === -1) return row;
      if (failed <= closest) continue;
      closest = failed;
      note = `guard:${guards[row.when[failed] as keyof typeof guards].otherwise}`;
    }
    return note;
  };

  return (snapshot, event, context) => {
    if (!isWellFormed(event)) return unmoved(snapshot, "recorded", "malformed_event");
    const kind = eventKinds[event.type];
    if (!Object.hasOwn(stateKinds, snapshot.state))
      return unmoved(snapshot, kind === "command" ? "refused" : "recorded", "unknown_state");
    if (parts.isStale(snapshot, event)) return unmoved(snapshot, "recorded", "stale_generation");
    if (kind === "timer") {
      const dueAtMs = snapshot.timers[event.type as TimerName];
      if (dueAtMs === undefined) return unmoved(snapshot, "recorded", "timer_not_armed");
      if (dueAtMs > context.nowMs + earlyFireMs) return unmoved(snapshot, "recorded", "timer_not_due");
    }
    const row = choose({ snapshot, event, context });
    if (typeof row === "string") {
      // A timer that means nothing here is taken off, or it would fire again at once and for ever.
      const kept = kind === "timer" ? withoutTimer(snapshot, event.type as TimerName) : snapshot;
      return unmoved(kept, kind === "command" ? "refused" : "recorded", row);
    }
    return take(row, snapshot, event, context);
  };

  function take(row: Row, before: LifecycleSnapshot, event: LifecycleEvent, context: TransitionContext): Transition {
    const draft: Draft = { ...before, timers: { ...before.timers } };
    const work: Work = { draft, effects: [], event, context };
    if (eventKinds[event.type] === "timer") delete draft.timers[event.type as TimerName];
    if (row.to !== "stays") {
      parts.enter(work, row.to);
      delete draft.reason;
    }
    for (const name of row.then) parts.actions[name](work);
    const reason = reasonOf(row, draft, event);
    if (reason !== undefined) draft.reason = reason;

    const isUnchanged = work.effects.length === 0 && sameValue(before, draft);
    const isDuplicate = isUnchanged && row.note === undefined && eventKinds[event.type] === "observation";
    const note = isDuplicate ? "duplicate" : row.note;
    return {
      disposition: isDuplicate ? "recorded" : "applied",
      snapshot: isUnchanged ? before : draft,
      effects: work.effects,
      row: row.id,
      changedState: draft.state !== before.state,
      ...(note === undefined ? {} : { note }),
    };
  }
}

function reasonOf(row: Row, draft: Draft, event: LifecycleEvent): string | undefined {
  if (row.reason === "=cause") return draft.cause?.reason;
  if (row.reason === "=event") return "reason" in event ? event.reason : undefined;
  return row.reason;
}

function withoutTimer(snapshot: LifecycleSnapshot, name: TimerName): LifecycleSnapshot {
  const { [name]: _fired, ...timers } = snapshot.timers;
  return { ...snapshot, timers };
}

function unmoved(snapshot: LifecycleSnapshot, disposition: "recorded" | "refused", note: string): Transition {
  return { disposition, snapshot, effects: [], changedState: false, note };
}

/**
 * The lifecycle's reducer. Pure, and total: whatever comes, it answers and never throws. What does not apply is recorded
 * (an observation, a timer) or refused (a command), and leaves the snapshot as it is.
 */
export const transition: TransitionFunction = createTransition();
