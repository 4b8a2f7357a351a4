import type { AtlusRoute } from "./dials.js";
import type { AtlusState } from "./state.js";

const minuteMs = 60_000;

const perMinute: Readonly<Record<AtlusRoute, number>> = { create: 50, delete: 50, get: 100, continue: 100, chat: 100 };

/** Counts one request, valid or not. False when the route's minute is used up. ASSUMED: a window begins with its first request. */
export function takeTurn(state: AtlusState, route: AtlusRoute): boolean {
  const nowMs = state.clock.now();
  const known = state.windows.get(route);
  const window = known && nowMs < known.startedAtMs + minuteMs ? known : { startedAtMs: nowMs, used: 0 };
  state.windows.set(route, window);
  window.used += 1;
  const limit = state.weather.dials.limitsPerMinute[route] ?? perMinute[route];
  if (window.used <= limit) return true;
  state.throttled += 1;
  return false;
}
