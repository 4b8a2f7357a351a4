import { causePolicies } from "../../packages/core/src/lifecycle/causes.js";
import { guards } from "../../packages/core/src/lifecycle/guards.js";
import { nonFinalStates, sessionStates, stateKinds } from "../../packages/core/src/lifecycle/kinds.js";
import type { Row } from "../../packages/core/src/lifecycle/row.js";
import { transitionTable } from "../../packages/core/src/lifecycle/table.js";
import { timerRules } from "../../packages/core/src/lifecycle/timers.js";
import { reasonWords, stateWords, timerWords } from "../../packages/core/src/lifecycle/words.js";
import { table } from "../lib/markdown.js";

const code = (text: string): string => `\`${text}\``;

/** Every state with its kind and meaning. */
export function renderStates(): string {
  return table(
    ["State", "Kind", "What it means", "What follows when nobody does anything"],
    sessionStates.map((state) => [code(state), stateKinds[state], stateWords[state].means, stateWords[state].next]),
  );
}

function fromInWords({ from }: Row): string {
  const missing = nonFinalStates.filter((state) => !from.includes(state));
  if (missing.length === 0) return "any that is not final";
  if (from.length > 6) return `any that is not final, except ${missing.map(code).join(", ")}`;
  return from.map(code).join(", ");
}

function toInWords({ to, reason }: Row): string {
  if (to === "stays") return "*stays*";
  if (reason === undefined) return code(to);
  if (reason === "=cause") return `${code(to)}, reason from the cause`;
  return reason === "=event" ? `${code(to)}, reason from the event` : code(`${to}(${reason})`);
}

function rowCells(row: Row): readonly string[] {
  return [
    code(row.id),
    fromInWords(row),
    row.on.map(code).join(", "),
    row.when.map((name) => guards[name].means).join("; "),
    toInWords(row),
    row.then.map(code).join(" "),
    row.because ?? "",
  ];
}

/** The transition table, row by row. */
export function renderTable(): string {
  return table(["Row", "From", "Event", "When", "To", "Then", "Why"], transitionTable.map(rowCells));
}

// Rows from nearly everywhere would cover the picture with arrows.
const isDrawn = (row: Row): boolean => row.to !== "stays" && row.from.length <= 5;

/** A Mermaid diagram of the rows that change the state, without those that leave from nearly every state. */
export function renderDiagram(): string {
  const arrows = new Map<string, Set<string>>();
  for (const row of transitionTable.filter(isDrawn))
    for (const from of row.from) {
      const arrow = `${from} --> ${row.to}`;
      const events = arrows.get(arrow) ?? new Set<string>();
      for (const event of row.on) events.add(event);
      arrows.set(arrow, events);
    }
  const lines = [...arrows].map(([arrow, events]) => `  ${arrow}: ${[...events].join(", ")}`);
  const ends = sessionStates.filter((state) => stateKinds[state] === "final").map((state) => `  ${state} --> [*]`);
  return ["```mermaid", "stateDiagram-v2", "  [*] --> created", ...lines, ...ends, "```"].join("\n");
}

const armedInWords = {
  always: "always",
  one_of: "one of the two",
  when_watched: "when the provider is polled or connected by us",
  after_a_drop: "after a drop",
  when_known: "when the provider named an end and the session is wanted",
} as const;

/** Which state has which timer. */
export function renderTimers(): string {
  const rows = timerRules.map((rule) => [
    code(rule.in),
    code(rule.timer),
    armedInWords[rule.armed],
    rule.due,
    timerWords[rule.timer],
  ]);
  const ttl = [
    "any that is not final",
    code("ttlDue"),
    "when the session was given a life",
    "at its end",
    timerWords.ttlDue,
  ];
  return table(["State", "Timer", "Armed", "Due", "Then"], [...rows, ttl]);
}

/** The cause classes and what each leads to. */
export function renderCauses(): string {
  return table(
    ["Class", "What it means", "Examples", "Opened again", "Ceiling", "Leads to"],
    Object.entries(causePolicies).map(([name, policy]) => [
      code(name),
      policy.means,
      policy.examples.map(code).join(", "),
      policy.reopens.replaceAll("_", " "),
      policy.hasCeiling ? "`boundedAttempts`" : "none",
      policy.leadsTo,
    ]),
  );
}

/** The reasons that the lifecycle itself gives; a provider's own come besides. */
export function renderReasons(): string {
  return table(
    ["Reason", "What it means"],
    Object.entries(reasonWords).map(([reason, words]) => [code(reason), words]),
  );
}
