// Asks humans over REST and a real nats-server, and kills with SIGKILL: the process that waits, nats-server while somebody
// waits, the REST server between question and answer. Counts how often the human was asked and the answer delivered.
// COLLOQUY_SEED gives other moments; --rounds another number of each kind; --only one kind (waiter, nats, rest); --json prints
// one object.

import { parseArgs } from "node:util";
import { type AskRound, killDuringAsks, victims } from "../packages/cli/test/asks/kill-rounds.js";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "30" },
    only: { type: "string" },
    concurrency: { type: "string", default: "2" },
  },
});
const only = victims.find((victim) => victim === values.only);
const seed = Number(process.env["COLLOQUY_SEED"] ?? Date.now() % 1_000_000);
const startedAtMs = Date.now();
const row = (cells: readonly (string | number)[]): string => cells.map((cell) => String(cell).padStart(11)).join(" ");
const cellsOf = ({ victim, round, isDurable, afterMs, heardAfterMs, violations }: AskRound) =>
  row([victim, round + 1, isDurable ? "stream" : "plain", afterMs, heardAfterMs, violations.length]);

if (!values.json) {
  console.log(`seed ${seed}`);
  console.log(row(["killed", "round", "messages", "after ms", "heard ms", "wrong"]));
}
const results = await killDuringAsks({
  rounds: Number(values.rounds),
  seed,
  concurrency: Number(values.concurrency),
  ...(only === undefined ? {} : { only }),
  onRound: (result) => {
    if (!values.json) console.log(cellsOf(result));
  },
});

const violations = results.flatMap(({ victim, round, violations: found }) =>
  found.map((text) => `${victim}, round ${round + 1}: ${text}`),
);
const rounds = Object.fromEntries(
  victims.map((victim) => [victim, results.filter((result) => result.victim === victim).length]),
);
const tookMs = Date.now() - startedAtMs;
if (values.json)
  console.log(JSON.stringify({ ok: violations.length === 0, seed, rounds, tookMs, violations, results }));
else {
  console.log(`${results.length} questions with a kill in between, in ${(tookMs / 1_000).toFixed(1)} s`);
  for (const violation of violations) console.log(`VIOLATION ${violation}`);
  if (violations.length === 0) console.log("Each human was asked once, and each answer delivered once.");
}
process.exitCode = violations.length > 0 ? 1 : 0;
