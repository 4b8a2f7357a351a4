// Real processes, real servers, faults in an order that the seed decides: is anything lost, doubled, or run by two at once?

import { parseArgs } from "node:util";
import { seededRandom } from "@colloquy/core";
import { bundle } from "../measures/bundle.js";
import { type BrokerName, brokerNames } from "./brokers.js";
import { runRound } from "./round.js";
import { isClean, type Verdict } from "./verdict.js";

const { values } = parseArgs({
  options: {
    store: { type: "string", multiple: true, default: [...brokerNames] },
    rounds: { type: "string", default: "20" },
    messages: { type: "string", default: "1000" },
    events: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    json: { type: "boolean", default: false },
  },
});
const unknownStore = values.store.find((name) => !brokerNames.some((known) => known === name));
if (unknownStore !== undefined) throw new Error(`There is no store "${unknownStore}": ${brokerNames.join(", ")}.`);

const program = await bundle(new URL("worker.ts", import.meta.url));
const seed = Number(values.seed);
const verdicts: (Verdict & { readonly store: string; readonly round: number; readonly seconds: number })[] = [];
if (!values.json) console.log(`seed ${seed}`);
for (const store of values.store as readonly BrokerName[])
  for (let round = 1; round <= Number(values.rounds); round++) {
    const faults: string[] = [];
    const startedAtMs = performance.now();
    const verdict = await runRound({
      broker: store,
      program,
      random: seededRandom(seed + round),
      messages: Number(values.messages),
      events: Number(values.events),
      tell: (name) => void faults.push(name),
    });
    const seconds = Math.round((performance.now() - startedAtMs) / 1_000);
    verdicts.push({ store, round, seconds, ...verdict });
    if (values.json) continue;
    console.log(line(store, round, seconds, verdict, faults));
    for (const { text, sessionId, worker, epoch, newerEpoch, newerWorker } of verdict.staleArrivals)
      console.log(
        `  stale: "${text}" of ${sessionId} from ${worker} under ${epoch}, after ${newerWorker} under ${newerEpoch}`,
      );
    for (const { id, sessionId, state, error } of verdict.lostRows)
      console.log(`  lost: ${id} of ${sessionId}, ${state}${error ? ` (${error.code})` : ""}`);
  }
const dirty = verdicts.filter((verdict) => !isClean(verdict)).length;
if (values.json) console.log(JSON.stringify({ seed, rounds: verdicts, ok: dirty === 0 }));
else
  console.log(dirty === 0 ? `${verdicts.length} rounds, all clean` : `${dirty} of ${verdicts.length} rounds NOT clean`);
process.exit(dirty === 0 ? 0 : 1);

function line(store: string, round: number, seconds: number, verdict: Verdict, faults: readonly string[]): string {
  const { accepted, sent, unknown, lost, twice, mistold, eventsLost, eventsAgain, staleOwners } = verdict;
  return [
    `${isClean(verdict) ? "ok  " : "FAIL"} ${store} round ${round} (${seconds} s)`,
    `${accepted} accepted, ${sent} sent, ${unknown} unknown, ${lost} lost, ${twice} twice, ${mistold} mistold`,
    `events: ${eventsLost} lost, ${eventsAgain} handled again`,
    `${staleOwners} from a stale owner`,
    faults.join(", "),
  ].join("; ");
}
