import type { Effect } from "../../src/lifecycle/effects.js";
import type { LifecycleEvent } from "../../src/lifecycle/events.js";
import { isExpectedIdentity } from "../../src/lifecycle/identity.js";
import { eventKinds, isFinal, isSessionState, stateKinds } from "../../src/lifecycle/kinds.js";
import type { TransitionContext } from "../../src/lifecycle/policy.js";
import type { LifecycleSnapshot, TimerName } from "../../src/lifecycle/snapshot.js";
import { isWatched, timerRules } from "../../src/lifecycle/timers.js";
import type { Transition, TransitionFunction } from "../../src/lifecycle/transition.js";

/** One step of a walk, with all that an invariant may look at. */
export interface Observed {
  readonly before: LifecycleSnapshot;
  readonly event: LifecycleEvent;
  readonly context: TransitionContext;
  readonly result: Transition;
  readonly transition: TransitionFunction;
  /** Generations that were opened and not abandoned, before and after the step. */
  readonly liveBefore: ReadonlySet<number>;
  readonly liveAfter: ReadonlySet<number>;
}

const online = new Set(["connecting", "pairing", "connected", "reconnecting"]);
const kindOf = (event: LifecycleEvent): string | undefined => (isKnown(event) ? eventKinds[event.type] : undefined);
const isKnown = (event: LifecycleEvent): boolean => Object.hasOwn(eventKinds, event?.type ?? "");
const has = (effects: readonly Effect[], type: Effect["type"]): boolean =>
  effects.some((effect) => effect.type === type);

/** Each answers what is wrong, or nothing. */
export const invariants = {
  "a final state is left by a restart into the next incarnation only": ({
    before,
    event,
    context,
    result: { snapshot },
  }) => {
    if (!isFinal(before.state) || snapshot === before) return;
    if (event.type !== "restart" || before.state === "terminated" || !context.traits.canRestart)
      return `${before.state} was left or changed`;
    if (snapshot.incarnation !== before.incarnation + 1 || snapshot.state !== "created")
      return "the restart is not a new incarnation";
    return;
  },

  "what an abandoned opening reports moves nothing and is recorded": ({ before, event, result }) => {
    const generation = kindOf(event) === "observation" && "generation" in event ? event.generation : undefined;
    if (generation === undefined || generation >= before.generation) return;
    return result.snapshot === before && result.disposition === "recorded" && result.effects.length === 0
      ? undefined
      : `generation ${generation} of ${before.generation}`;
  },

  "what does not apply is refused when it is a command, otherwise recorded, and leaves the same snapshot": ({
    before,
    event,
    result,
  }) => {
    if (result.disposition === "refused" && kindOf(event) !== "command") return "refused";
    if (result.disposition === "recorded" && kindOf(event) === "command") return "recorded";
    if (result.disposition === "applied") return;
    if (result.effects.length > 0) return "effects";
    const isSame = kindOf(event) === "timer" ? result.snapshot.state === before.state : result.snapshot === before;
    return isSame ? undefined : "changed";
  },

  "at most one opening is live, and none when nothing should run": ({ before, result, liveAfter }) => {
    const opens = result.effects.filter((effect) => effect.type === "open");
    if (opens.length > 1 || liveAfter.size > 1) return `${Math.max(opens.length, liveAfter.size)} openings`;
    const { state, generation } = result.snapshot;
    if (generation < before.generation) return "the generation fell";
    for (const open of opens) if (open.generation !== generation) return "an opening of another generation";
    const isRunning = stateKinds[state] === "active" && state !== "closing";
    return liveAfter.size > 0 && !isRunning ? `an opening lives on in ${state}` : undefined;
  },

  "an active state has its timer, and no state has a timer of another": ({
    context,
    result: { snapshot, changedState },
  }) => {
    const { state, timers } = snapshot;
    const rules = timerRules.filter((rule) => rule.in === state);
    for (const [name, atMs] of Object.entries(timers) as [TimerName, number][]) {
      if (!Number.isFinite(atMs)) return `${name} is ${atMs}`;
      if (isFinal(state) || (name !== "ttlDue" && !rules.some((rule) => rule.timer === name)))
        return `${state} has ${name}`;
      if (changedState && name !== "ttlDue" && atMs < context.nowMs) return `${name} was past when ${state} began`;
    }
    for (const rule of rules)
      if (rule.armed === "always" && timers[rule.timer] === undefined) return `${state} lacks ${rule.timer}`;
    const oneOf = rules.filter((rule) => rule.armed === "one_of");
    if (oneOf.length > 0 && oneOf.filter((rule) => timers[rule.timer] !== undefined).length !== 1)
      return `${state} has not exactly one timer`;
    const watched = rules.some((rule) => rule.armed === "when_watched") && isWatched(context.traits);
    return watched && timers.livenessDue === undefined && timers.reconnectDue === undefined
      ? `${state} lacks livenessDue`
      : undefined;
  },

  "against the intent nothing but a command goes online": ({ before, event, result }) => {
    if (before.intent !== "offline" && before.intent !== "closed") return;
    if (kindOf(event) === "command") return;
    if (result.snapshot.intent !== before.intent) return `${event.type} changed the intent`;
    if (has(result.effects, "open")) return `${event.type} opened`;
    return online.has(result.snapshot.state) && !online.has(before.state)
      ? `${before.state} to ${result.snapshot.state}`
      : undefined;
  },

  "only a command sets the intent": ({ before, event, result }) =>
    before.intent !== result.snapshot.intent && kindOf(event) !== "command"
      ? `${event.type} set ${result.snapshot.intent}`
      : undefined,

  "never connected with another account than the expected one": ({ result: { snapshot } }) => {
    const { state, expectedIdentity, identity } = snapshot;
    if (state !== "connected" || expectedIdentity === undefined || identity === undefined) return;
    return isExpectedIdentity(expectedIdentity, identity) ? undefined : "connected";
  },

  "the same news again is no transition and counts nothing": ({ event, context, result, transition }) => {
    // A code is told apart by its artefact before it comes here; a restart asked for twice is two restarts.
    const isRepeatable = kindOf(event) === "observation" && event.type !== "challengeIssued";
    if (!isRepeatable || (event.type === "dropped" && event.cause?.class === "progress")) return;
    const again = transition(result.snapshot, event, context);
    if (again.changedState) return `${result.snapshot.state} to ${again.snapshot.state} on ${event.type}`;
    if (again.effects.length > 0) return `${event.type} again has effects`;
    const { attempt, boundedDrops, timers } = result.snapshot;
    if (again.snapshot.attempt !== attempt || again.snapshot.boundedDrops !== boundedDrops)
      return `${event.type} counted twice`;
    return again.snapshot.timers.reconnectDue === timers.reconnectDue
      ? undefined
      : `${event.type} moved the next attempt`;
  },

  "credentials are wiped only on the acknowledgement of a closing": ({ before, event, result }) => {
    if (!has(result.effects, "wipeCredentials")) return;
    const acks: readonly string[] =
      before.closingGoal === "unlink"
        ? ["logoutAck", "unlinked", "remoteClosed", "notFound"]
        : ["remoteClosed", "notFound"];
    return before.state === "closing" && acks.includes(event.type) ? undefined : `${before.state} on ${event.type}`;
  },

  "no code is shown to nobody": ({ before, result: { snapshot, effects } }) => {
    if (snapshot.state === "pairing" && !snapshot.pairingConsumer) return "pairing without a consumer";
    const isUp =
      snapshot.state === "connecting" ||
      snapshot.state === "pairing" ||
      (snapshot.state === "reconnecting" && !snapshot.pairing);
    if (snapshot.pairingConsumer && !isUp) return `a consumer in ${snapshot.state}`;
    return has(effects, "refreshChallenge") && !before.pairingConsumer ? "refreshed for nobody" : undefined;
  },

  "every snapshot is of this version, in a known state, and survives storage": ({ result: { snapshot } }) => {
    if (snapshot.version !== 1 || !isSessionState(snapshot.state)) return `${snapshot.version} ${snapshot.state}`;
    for (const value of [
      snapshot.since,
      snapshot.generation,
      snapshot.attempt,
      snapshot.boundedDrops,
      snapshot.incarnation,
    ])
      if (!Number.isFinite(value)) return "a figure is not finite";
    return;
  },
} as const satisfies Record<string, (step: Observed) => string | undefined>;

export type InvariantName = keyof typeof invariants;

export function violated(step: Observed): { readonly name: InvariantName; readonly detail: string } | undefined {
  for (const [name, check] of Object.entries(invariants) as [InvariantName, (step: Observed) => string | undefined][]) {
    const detail = check(step);
    if (detail !== undefined) return { name, detail };
  }
  return undefined;
}

/** Which openings are live after these effects. */
export function liveAfter(live: ReadonlySet<number>, effects: readonly Effect[]): ReadonlySet<number> {
  if (effects.length === 0) return live;
  const next = new Set(live);
  for (const effect of effects) {
    if (effect.type === "open") next.add(effect.generation);
    if (effect.type === "abandon")
      for (const generation of next) if (generation < effect.beforeGeneration) next.delete(generation);
  }
  return next;
}
