import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drain, type Telling } from "./drain.js";
import { sendRule } from "./fake-provider.js";
import { fixedWindow, type LimitShape, slidingWindow, tokenBucket } from "./simulated-server.js";

interface Weather {
  readonly kind: "fixed" | "sliding" | "token";
  readonly limit: number;
  readonly windowMs: number;
  readonly latencyMs: readonly [number, number];
  readonly sendCount: number;
  readonly seed: number;
}

const weather: fc.Arbitrary<Weather> = fc
  .record({
    kind: fc.constantFrom("fixed", "sliding", "token"),
    limit: fc.integer({ min: 1, max: 40 }),
    windowMs: fc.integer({ min: 200, max: 3_000 }),
    wayMs: fc.integer({ min: 0, max: 25 }),
    jitterMs: fc.integer({ min: 0, max: 10 }),
    windows: fc.integer({ min: 2, max: 7 }),
    more: fc.integer({ min: 0, max: 39 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ kind, limit, windowMs, wayMs, jitterMs, windows, more, seed }) => ({
    kind,
    limit,
    windowMs,
    latencyMs: [wayMs, wayMs + jitterMs] as const,
    sendCount: Math.max(2, limit * windows + (more % limit)),
    seed,
  }));

function shapeOf({ kind, limit, windowMs }: Weather): LimitShape {
  if (kind === "fixed") return fixedWindow(limit, windowMs);
  if (kind === "sliding") return slidingWindow(limit, windowMs);
  return tokenBucket(limit, (1_000 * limit) / windowMs);
}

/** The least time in which so many can be accepted, by somebody who knows everything and has no way to go. */
function leastMs({ kind, limit, windowMs, sendCount }: Weather): number {
  if (kind === "token") return ((sendCount - limit) * windowMs) / limit;
  return Math.floor((sendCount - 1) / limit) * windowMs;
}

/** What the way itself costs in each window: so many round trips until all that may be under way at once have been. */
function wayMs({ latencyMs: [least, most], limit, sendCount }: Weather): number {
  const atOnce = Math.max(4, 2 * least * 0.4);
  return (Math.ceil(sendCount / limit) + 1) * (Math.ceil(limit / atOnce) + 2) * (2 * most + 4);
}

/** A bucket tells of its next token only, and where the way takes longer than a token that is old news when it arrives. */
function mostRefused({ kind, limit, windowMs, latencyMs: [, most], sendCount }: Weather): number {
  return kind === "token" && 2 * most > windowMs / limit ? 8 + Math.ceil(sendCount / 10) : 8;
}

const runs = { numRuns: 80 } as const;

describe("whatever the shape, the limit, the way and the number of sends", () => {
  it.each<Telling>(["fractional", "nothing"])(
    "a limit that is known (answers tell %s) is never exceeded, and hardly ever left idle",
    async (telling) => {
      await fc.assert(
        fc.asyncProperty(weather, async (one) => {
          const known = [sendRule(one.limit, one.windowMs)];
          const { sent, refusals, durationMs } = await drain({
            ...one,
            shape: shapeOf(one),
            known,
            telling,
            concurrent: 32,
          });
          expect(sent).toBe(one.sendCount);
          expect(refusals).toBe(0);
          // Our own count takes a token bucket for a window: it waits for the first window to pass, once.
          const once = one.kind === "token" ? one.windowMs : 0;
          expect(durationMs).toBeLessThanOrEqual(leastMs(one) * 1.05 + wayMs(one) + once);
        }),
        runs,
      );
    },
  );

  it("a limit that only headers tell is learned: few are refused at first, and hardly any after five windows", async () => {
    await fc.assert(
      fc.asyncProperty(weather, async (one) => {
        const { sent, refusedAtMs } = await drain({ ...one, shape: shapeOf(one), telling: "fractional" });
        expect(sent).toBe(one.sendCount);
        expect(refusedAtMs.length).toBeLessThanOrEqual(mostRefused(one));
        expect(refusedAtMs.filter((atMs) => atMs > 5 * one.windowMs).length).toBeLessThanOrEqual(3);
      }),
      runs,
    );
  });
});
