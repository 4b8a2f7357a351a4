/** What a server can tell of one limit right after it judged a request. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Until something comes back: the window's end, the oldest request's leaving, or the next token. */
  readonly resetInMs: number;
}

/** One limit, judged exactly by the instants at which requests are seen. Instants never go back. */
export interface LimitShape {
  /** 0 when a request at this instant passes, otherwise how long until one would. */
  waitMs(atMs: number): number;
  /** Counts a request that passed. */
  take(atMs: number): void;
  allowance(atMs: number): Allowance;
}

/** From `fromMs` after the first request on, `limit` holds. A fixed window keeps the limit that it began with. */
export interface LimitStep {
  readonly fromMs: number;
  readonly limit: number;
}

/** The limit at an instant, when it changes on the way. */
function limitAt(limit: number, steps: readonly LimitStep[], sinceFirstMs: number): number {
  return steps.reduce((held, step) => (sinceFirstMs >= step.fromMs ? step.limit : held), limit);
}

/** Windows that begin with the first request after the last one ended. */
export function fixedWindow(limit: number, windowMs: number, steps: readonly LimitStep[] = []): LimitShape {
  let firstAtMs: number | undefined;
  let beganAtMs = Number.NEGATIVE_INFINITY;
  let held = limit;
  let used = 0;
  const roll = (atMs: number): void => {
    if (atMs < beganAtMs + windowMs) return;
    firstAtMs ??= atMs;
    beganAtMs = atMs;
    held = limitAt(limit, steps, atMs - firstAtMs);
    used = 0;
  };
  return {
    waitMs: (atMs) => (atMs >= beganAtMs + windowMs || used < held ? 0 : beganAtMs + windowMs - atMs),
    take: (atMs) => {
      roll(atMs);
      used++;
    },
    allowance: (atMs) => ({
      limit: held,
      remaining: Math.max(0, held - used),
      resetInMs: Math.max(0, beganAtMs + windowMs - atMs),
    }),
  };
}

/** At most `limit` in any `windowMs`. */
export function slidingWindow(limit: number, windowMs: number): LimitShape {
  let taken: number[] = [];
  const live = (atMs: number): readonly number[] => {
    taken = taken.filter((one) => one > atMs - windowMs);
    return taken;
  };
  const waitMs = (atMs: number): number => {
    const inside = live(atMs);
    return inside.length < limit ? 0 : (inside[inside.length - limit] as number) + windowMs - atMs;
  };
  return {
    waitMs,
    take: (atMs) => void taken.push(atMs),
    allowance: (atMs) => {
      const inside = live(atMs);
      const oldest = inside[0];
      return {
        limit,
        remaining: Math.max(0, limit - inside.length),
        resetInMs: oldest === undefined ? 0 : oldest + windowMs - atMs,
      };
    },
  };
}

/** Holds `limit` tokens at most and gains `limit` in `windowMs`, evenly. */
export function tokenBucket(limit: number, windowMs: number): LimitShape {
  const perMs = limit / windowMs;
  let tokens = limit;
  let lastMs: number | undefined;
  const heldAt = (atMs: number): number => Math.min(limit, tokens + (atMs - (lastMs ?? atMs)) * perMs);
  // Rounding must not refuse who waited exactly as long as was asked.
  const isEnough = (held: number): boolean => held >= 1 - 1e-9;
  return {
    waitMs: (atMs) => (isEnough(heldAt(atMs)) ? 0 : (1 - heldAt(atMs)) / perMs),
    take: (atMs) => {
      tokens = heldAt(atMs) - 1;
      lastMs = atMs;
    },
    allowance: (atMs) => {
      const held = heldAt(atMs);
      return { limit, remaining: Math.max(0, Math.floor(held + 1e-9)), resetInMs: (limit - held) / perMs };
    },
  };
}

/** One request, then none until `windowMs` have passed. */
export function spacing(windowMs: number): LimitShape {
  return fixedWindow(1, windowMs);
}
