import { describe, expect, it } from "vitest";
import { transitionTable } from "../../src/lifecycle/table.js";
import { chosenSeed, describeViolation, walk } from "./walk.js";

const steps = 200_000;

describe("a random walk over the lifecycle", () => {
  const seed = chosenSeed();
  const walked = walk(seed, steps);

  it(`holds every invariant for ${steps} steps (COLLOQUY_SEED=${seed})`, () => {
    expect(walked.violation && describeViolation(seed, walked.violation)).toBeUndefined();
    expect(walked.steps).toBe(steps);
  });

  it(`takes every edge of the table (COLLOQUY_SEED=${seed})`, () => {
    const edges = transitionTable.flatMap((row) =>
      row.from.flatMap((from) => row.on.map((on) => `${row.id} ${from} ${on}`)),
    );
    const taken = new Set(walked.edges.keys());
    // Rare edges may need a few more sessions than one walk has.
    for (let further = seed + 1; further < seed + 10 && edges.some((edge) => !taken.has(edge)); further++)
      for (const edge of walk(further, steps).edges.keys()) taken.add(edge);
    expect(edges.filter((edge) => !taken.has(edge))).toEqual([]);
  });

  it("takes the same steps for the same seed", () => {
    expect([...walk(11, 2_000).edges]).toEqual([...walk(11, 2_000).edges]);
    expect([...walk(11, 2_000).edges]).not.toEqual([...walk(12, 2_000).edges]);
  });
});
