import { expect, it } from "vitest";
import { killDuringSends } from "./support/killed-sends.js";

const seed = Number(process.env["COLLOQUY_SEED"] ?? 20_261_121);

it("a process killed in the middle of sends loses no message and repeats none", async () => {
  const results = await killDuringSends({ rounds: 3, messagesPerRound: 60, seed, concurrency: 2 });
  const told = `seed ${seed}: ${JSON.stringify(results, null, 1)}`;
  expect(
    results.flatMap(({ violations }) => violations),
    told,
  ).toEqual([]);
  expect(
    results.every(({ wasKilled, accepted }) => wasKilled && accepted === 60),
    told,
  ).toBe(true);
  // A kill that found everything settled would prove nothing.
  expect(
    results.some(({ sent, takenAtKill }) => sent > takenAtKill),
    told,
  ).toBe(true);
});
