import { findNatsServer } from "@colloquy/emulator";
import { describe, expect, it } from "vitest";
import { killDuringAsks, victims } from "./kill-rounds.js";

const seed = Number(process.env["COLLOQUY_SEED"] ?? 20_261_121);
const isThere = await findNatsServer().then(
  () => true,
  (error: unknown) => {
    console.info(`SKIP asks over a real nats-server: ${error instanceof Error ? error.message : "none found"}`);
    return false;
  },
);

describe.skipIf(!isThere)("a question to a human", () => {
  it("is asked once and its answer delivered once, whoever is killed in between", async () => {
    const results = await killDuringAsks({ rounds: 3, seed, concurrency: 3 });
    const told = `seed ${seed}: ${JSON.stringify(results, null, 1)}`;
    expect(
      results.flatMap(({ violations }) => violations),
      told,
    ).toEqual([]);
    for (const victim of victims) expect(results.filter((result) => result.victim === victim)).toHaveLength(3);
  });
});
