import { median } from "../figures/statistics.js";
import type { StoreSubject } from "./subject.js";
import { turnNowAndThen } from "./timing.js";
import { type BenchMessage, messageNumber } from "./workload.js";

const rounds = 1_000;
const shortCount = 10;
const roundsEach = 20;

export interface Growth {
  readonly growth: number;
  /** How many messages it took. */
  readonly appended: number;
}

/**
 * What an append costs to a long conversation, over what it costs to one of some ten messages. By turns, so that the machine is
 * the same for both: it changes by more from one minute to the next than what is to be seen.
 */
export async function growthOf(subject: StoreSubject, long: string, longCount: number): Promise<Growth> {
  const times: Record<"long" | "short", number[]> = { long: [], short: [] };
  const messages = Array.from({ length: rounds }, (_, round) => messageNumber(longCount + round));
  let short = "";
  let appended = 0;
  const append = async (id: string, message: BenchMessage): Promise<number> => {
    const askedAt = performance.now();
    await subject.append(id, message);
    const tookMs = performance.now() - askedAt;
    await turnNowAndThen(appended++);
    return tookMs;
  };
  for (const [round, message] of messages.entries()) {
    if (round % roundsEach === 0) {
      short = `short_${round}`;
      await subject.create(short);
      for (let number = 0; number < shortCount; number++) await append(short, messageNumber(number));
    }
    times.long.push(await append(long, message));
    times.short.push(await append(short, message));
  }
  return { growth: median(times.long) / median(times.short), appended };
}
