import { describe, expect, it } from "vitest";
import { sendRule } from "../fake-provider.js";
import { fixedWindow, type LimitShape, slidingWindow } from "../simulated-server.js";
import { type SharedDrained, type SharedDrainOptions, sharedDrain } from "./shared-drain.js";

const minimumMs = 9_000;
const shapes: Readonly<Record<string, () => LimitShape>> = {
  "a fixed window": () => fixedWindow(30, 1_000),
  "a sliding window": () => slidingWindow(30, 1_000),
};

async function fourOf(shape: LimitShape, more: Partial<SharedDrainOptions>): Promise<SharedDrained> {
  const processes = [1, 2, 3, 4].map(() => ({ sendCount: 75 }));
  return sharedDrain({
    ...{ shape, known: [sendRule(30, 1_000)], tells: true, processes, latencyMs: [0.5, 8] },
    ...more,
  });
}

const between =
  (what: "refuses" | "frozen" | "deaf", fromMs = 3_000, untilMs = 6_000): NonNullable<SharedDrainOptions["weather"]> =>
  (atMs) =>
    atMs > fromMs && atMs < untilMs ? what : "fine";

for (const [name, shape] of Object.entries(shapes))
  describe(`four processes that share ${name}`, () => {
    for (const what of ["refuses", "frozen", "deaf"] as const)
      it(`send everything without a refusal over a budget that ${what === "refuses" ? "refuses calls" : `is ${what}`} for 3 s`, async () => {
        const { sent, refusedAtMs, durationMs, events } = await fourOf(shape(), { weather: between(what) });
        expect(sent).toEqual([75, 75, 75, 75]);
        expect(refusedAtMs).toEqual([]);
        // Each part is rounded down, and everybody waits for everybody once: at most three windows more.
        expect(durationMs).toBeLessThan(minimumMs + 3_300);
        expect(events.toSorted()).toEqual(
          [0, 1, 2, 3].flatMap((place) => [`${place} shared_limits.degraded`, `${place} shared_limits.restored`]),
        );
      });

    it("send everything without a refusal over a budget that comes back empty", async () => {
      const { sent, refusedAtMs } = await fourOf(shape(), { weather: between("refuses"), flushAtMs: [5_000] });
      expect(sent).toEqual([75, 75, 75, 75]);
      expect(refusedAtMs).toEqual([]);
    });

    for (const flushAtMs of [3_002, 3_300, 3_990])
      it(`pause once, and are not refused, when the budget forgets everything at ${flushAtMs} ms`, async () => {
        const { sent, refusedAtMs, durationMs, events } = await fourOf(shape(), { flushAtMs: [flushAtMs] });
        expect(sent).toEqual([75, 75, 75, 75]);
        expect(refusedAtMs).toEqual([]);
        expect(durationMs).toBeLessThan(minimumMs + 2_300);
        expect(events).toEqual([]);
      });

    for (const untilMs of [3_002, 3_010, 3_500])
      it(`go on when one is killed at ${untilMs} ms, and have its part after a while`, async () => {
        const drained = await fourOf(shape(), {
          processes: [{ sendCount: 75 }, { sendCount: 75 }, { sendCount: 75 }, { sendCount: 75, untilMs }],
        });
        expect(drained.sent.slice(0, 3)).toEqual([75, 75, 75]);
        expect(drained.refusedAtMs).toEqual([]);
        const inWindow = (second: number): number =>
          drained.accepted.filter(({ atMs }) => atMs >= second * 1_000 && atMs < (second + 1) * 1_000).length;
        expect(inWindow(7)).toBeGreaterThanOrEqual(29);
      });

    it("send everything, as strangers do, when there never is a budget", async () => {
      const { sent, refusedAtMs, events } = await fourOf(shape(), { weather: () => "refuses" });
      expect(sent).toEqual([75, 75, 75, 75]);
      // 2 % is what processes that do not know of each other are allowed; a sliding window is harder to guess.
      expect(refusedAtMs.length).toBeLessThanOrEqual(name === "a fixed window" ? 9 : 30);
      expect(events.length).toBe(4);
    });

    it("keep within the limit over a slow budget", async () => {
      const { refusedAtMs, sent } = await fourOf(shape(), { budgetMs: [20, 60] });
      expect(sent).toEqual([75, 75, 75, 75]);
      expect(refusedAtMs).toEqual([]);
    });
  });
