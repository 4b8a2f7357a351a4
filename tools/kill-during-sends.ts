// Kills the command line with SIGKILL in the middle of sends, again and again, and checks at the emulator that no message
// was lost or sent twice. COLLOQUY_SEED gives other moments; --rounds and --messages other sizes; --json prints one object;
// --built runs the built command line, which starts five times as fast as the sources.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { RoundResult } from "../packages/cli/test/support/kill-check.js";
import { killDuringSends } from "../packages/cli/test/support/killed-sends.js";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    built: { type: "boolean", default: false },
    rounds: { type: "string", default: "20" },
    messages: { type: "string", default: "200" },
    concurrency: { type: "string", default: "3" },
  },
});
const seed = Number(process.env["COLLOQUY_SEED"] ?? Date.now() % 1_000_000);
const startedAtMs = Date.now();
const built = [process.execPath, fileURLToPath(new URL("../packages/cli/dist/bin.js", import.meta.url))];

const row = (cells: readonly (string | number)[]): string => cells.map((cell) => String(cell).padStart(9)).join(" ");
const cellsOf = (result: RoundResult): readonly (string | number)[] => [
  result.round + 1,
  result.wasKilled ? result.takenAtKill : "not hit",
  result.accepted,
  result.sent,
  result.unknown,
  result.unknownButArrived,
  result.refusedForRate,
  result.violations.length,
];

if (!values.json) {
  console.log(`seed ${seed}`);
  console.log(row(["round", "killed at", "accepted", "sent", "unknown", "…arrived", "429s", "wrong"]));
}
const results = await killDuringSends({
  rounds: Number(values.rounds),
  messagesPerRound: Number(values.messages),
  seed,
  concurrency: Number(values.concurrency),
  ...(values.built ? { commandLine: built } : {}),
  onRound: (result) => {
    if (!values.json) console.log(row(cellsOf(result)));
  },
});

const sum = (count: (result: RoundResult) => number): number =>
  results.reduce((total, result) => total + count(result), 0);
const violations = results.flatMap((result) => result.violations.map((text) => `round ${result.round + 1}: ${text}`));
const summary = {
  seed,
  rounds: results.length,
  killed: sum(({ wasKilled }) => (wasKilled ? 1 : 0)),
  accepted: sum(({ accepted }) => accepted),
  sent: sum(({ sent }) => sent),
  unknown: sum(({ unknown }) => unknown),
  unknownButArrived: sum(({ unknownButArrived }) => unknownButArrived),
  tookMs: Date.now() - startedAtMs,
  violations,
};
if (values.json) console.log(JSON.stringify({ ok: violations.length === 0, ...summary, results }));
else {
  const { rounds, killed, accepted, sent, unknown, unknownButArrived, tookMs } = summary;
  console.log(`${killed} of ${rounds} rounds killed in the middle, in ${(tookMs / 1_000).toFixed(1)} s`);
  console.log(
    `${accepted} accepted, ${sent} sent once, ${unknown} told as unknown (${unknownButArrived} of them arrived)`,
  );
  for (const violation of violations) console.log(`VIOLATION ${violation}`);
}
process.exitCode = violations.length > 0 ? 1 : 0;
