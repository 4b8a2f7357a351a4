import { setImmediate as nextTurn } from "node:timers/promises";
import { median } from "../figures/statistics.js";
import type { StoreSubject } from "./subject.js";
import { messageNumber } from "./workload.js";

// What takes longer is cut off and judged by what was done until then.
export const usualMostMs = 6_000;
// So that the compiling of the code is not measured with it.
const warmUpMs = 500;

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

/** Of so many times, or of as many as there is time for, after half a second of the same unmeasured. */
export async function medianMs(count: number, run: (round: number) => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  let round = 0;
  do await run(round++);
  while (performance.now() - startedAt < warmUpMs);
  const times: number[] = [];
  const measuredAt = performance.now();
  do times.push(await timed(() => run(round++)));
  while (times.length < count && performance.now() - measuredAt < usualMostMs);
  return median(times);
}

/** As every program does that answers others: what a store does in between belongs to its cost. */
export function turnNowAndThen(number: number): Promise<void> | undefined {
  return number % 50 === 49 ? nextTurn() : undefined;
}

/** By so many callers at once. Answers how many messages that left. */
export async function warmUp(subject: StoreSubject, id: string, callers = 1): Promise<number> {
  const messages = Array.from({ length: 5_000 }, (_, number) => messageNumber(number));
  const startedAt = performance.now();
  let done = 0;
  const call = async (caller: number): Promise<void> => {
    for (let round = 0; ; round++) {
      const place = `${id}_${caller}_${round}`;
      await subject.create(place);
      for (const [number, message] of messages.entries()) {
        if (performance.now() - startedAt >= warmUpMs) return;
        await subject.append(place, message);
        await turnNowAndThen(number);
        done++;
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return done;
}
