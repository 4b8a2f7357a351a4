import { beforeAll, describe, expect, it } from "vitest";
import { transitionTable } from "../../src/lifecycle/table.js";
import { chosenSeed, describeViolation, type Walk, walk } from "./walk.js";

const steps = 200_000;
const seed = chosenSeed();

describe(`a random walk over the lifecycle (COLLOQUY_SEED=${seed})`, { timeout: 60_000 }, () => {
  let walked: Walk;
  beforeAll(() => {
    walked = walk(seed, steps);
  }, 60_000);

  it(`holds every invariant for ${steps} steps`, () => {
    expect(walked.violation && describeViolation(seed, walked.violation)).toBeUndefined();
    expect(walked.steps).toBe(steps);
  });

  it("takes every edge of the table", () => {
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
