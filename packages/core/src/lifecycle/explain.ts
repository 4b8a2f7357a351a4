import type { InstantMs, ProviderTraits } from "../contract/index.js";
import { applicableCommands } from "./commands.js";
import { durationInWords } from "./duration.js";
import type { CommandType } from "./events.js";
import type { ExplainedEntry, Explanation, UpcomingTimer } from "./explanation.js";
import { isFinal, stateKinds } from "./kinds.js";
import type { LogEntry } from "./log-entry.js";
import type { LifecycleSnapshot, TimerName } from "./snapshot.js";
import { commandAdvice, reasonWords, stateWords, timerWords } from "./words.js";

const anyTraits: ProviderTraits = {
  disconnectUnpairs: false,
  statePolling: true,
  hasTransport: false,
  canRestart: true,
};

/**
 * Tells what a session's state means, why it is so, what comes next and what a person can do. Pure.
 *
 * `entries` is the session's log, oldest first. `nowMs` defaults to the newest instant that snapshot and log know of.
 * With the provider's `traits`, commands that it cannot carry out are not advised; without, all are taken as possible.
 */
export function explain(
  lifecycle: LifecycleSnapshot,
  entries: readonly LogEntry[],
  nowMs: InstantMs = Math.max(lifecycle.since, entries.at(-1)?.atMs ?? 0),
  traits: ProviderTraits = anyTraits,
): Explanation {
  const commands = applicableCommands(lifecycle, traits);
  const why = whyInWords(lifecycle);
  return {
    state: lifecycle.state,
    kind: stateKinds[lifecycle.state],
    means: stateWords[lifecycle.state].means,
    ...(lifecycle.reason === undefined ? {} : { reason: lifecycle.reason }),
    ...(why === undefined ? {} : { why }),
    sinceMs: lifecycle.since,
    forMs: nowMs - lifecycle.since,
    intent: lifecycle.intent,
    incarnation: lifecycle.incarnation,
    attempt: lifecycle.attempt,
    next: stateWords[lifecycle.state].next,
    timers: upcoming(lifecycle, nowMs),
    health: healthInWords(lifecycle),
    restrictions: lifecycle.restrictions,
    advice: adviceFor(lifecycle, commands),
    commands,
    timeline: timelineOf(entries, nowMs),
  };
}

function whyInWords({ reason, cause }: LifecycleSnapshot): string | undefined {
  const sentences: string[] = [];
  if (reason !== undefined) sentences.push(reasonWords[reason] ?? `The provider's reason: ${reason}.`);
  if (cause !== undefined && cause.reason !== reason)
    sentences.push(reasonWords[cause.reason] ?? `Cause: ${cause.reason} (${cause.class}).`);
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

function upcoming({ timers }: LifecycleSnapshot, nowMs: InstantMs): readonly UpcomingTimer[] {
  return (Object.entries(timers) as [TimerName, InstantMs][])
    .map(([timer, atMs]) => ({ timer, atMs, inMs: atMs - nowMs, then: timerWords[timer] }))
    .toSorted((one, other) => one.atMs - other.atMs);
}

function healthInWords({ health }: LifecycleSnapshot): string {
  return health.signals.length === 0 ? health.status : `${health.status}: ${health.signals.join(", ")}`;
}

function adviceFor(lifecycle: LifecycleSnapshot, commands: readonly CommandType[]): readonly string[] {
  const told = [lifecycle.cause?.userAction, lifecycle.health.userAction].filter((text) => text !== undefined);
  // Pairing applies while the session comes online, too, but is no help to one whose account is linked.
  const helpful = commands.filter((command) => command !== "pair" || stateKinds[lifecycle.state] === "resting");
  return [...new Set([...told, ...helpful.map((command) => commandAdvice[command])])];
}

function timelineOf(entries: readonly LogEntry[], nowMs: InstantMs): readonly ExplainedEntry[] {
  const timeline: ExplainedEntry[] = [];
  let endedMs = nowMs;
  for (const { seq, atMs, event, from, to, disposition, reason, evidence } of entries.toReversed()) {
    const changedState = from !== to;
    timeline.unshift({
      seq,
      atMs,
      event,
      from,
      to,
      disposition,
      ...(reason === undefined ? {} : { reason }),
      ...(evidence === undefined ? {} : { evidence }),
      changedState,
      // The last state of all lasts for ever; a number would say otherwise.
      ...(changedState && !(isFinal(to) && endedMs === nowMs) ? { lastedMs: endedMs - atMs } : {}),
    });
    if (changedState) endedMs = atMs;
  }
  return timeline;
}

const instant = (atMs: number): string => new Date(atMs).toISOString();

/** An explanation as plain text, without colours; times are UTC. */
export function renderExplanation(explanation: Explanation): string {
  const { state, reason, means, why, sinceMs, forMs, next, timers, health, restrictions, advice, timeline } =
    explanation;
  const lines = [
    `${state}${reason === undefined ? "" : ` (${reason})`} for ${durationInWords(forMs)}, since ${instant(sinceMs)}`,
    means,
  ];
  if (why !== undefined) lines.push(`Why: ${why}`);
  lines.push(`Asked for: ${explanation.intent}. Health: ${health}.`);
  if (explanation.attempt > 0) lines.push(`Attempts since it was last connected: ${explanation.attempt}.`);
  for (const { kind, scope, untilMs } of restrictions)
    lines.push(`Restricted: ${kind} (${scope})${untilMs === undefined ? "" : ` until ${instant(untilMs)}`}`);
  lines.push("", `Next: ${next}`);
  for (const { inMs, then } of timers)
    lines.push(inMs < 0 ? `  ${durationInWords(inMs)} overdue: ${then}` : `  in ${durationInWords(inMs)}: ${then}`);
  if (advice.length > 0) lines.push("", "What you can do:", ...advice.map((text) => `  - ${text}`));
  if (timeline.length > 0) lines.push("", "History:", ...timeline.map(renderEntry));
  return `${lines.join("\n")}\n`;
}

function renderEntry(entry: ExplainedEntry): string {
  const { atMs, event, from, to, disposition, reason, lastedMs, evidence } = entry;
  const what = entry.changedState ? `${from} -> ${to}` : `stays ${from}`;
  const notes = [
    ...(disposition === "applied" ? [] : [disposition]),
    ...(reason === undefined ? [] : [reason]),
    ...Object.entries(evidence ?? {}).map(
      ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    ),
  ];
  const lasted = lastedMs === undefined ? "" : `, lasted ${durationInWords(lastedMs)}`;
  return `  ${instant(atMs)}  ${event}: ${what}${notes.length === 0 ? "" : ` [${notes.join(", ")}]`}${lasted}`;
}
