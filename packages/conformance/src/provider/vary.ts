import type { AnyProvider, Facets, ProviderTimings } from "@colloquy/core";

// Short enough for tests on the real clock, long enough for a busy machine. ASSUMED.
const hurriedTimings: ProviderTimings = {
  connectDeadlineMs: 5_000,
  pairingDeadlineMs: 20_000,
  challengeLifetimeMs: 20_000,
  livenessMs: 5_000,
  closeDeadlineMs: 600,
  pollActiveMs: 20,
  pollConnectedMs: 40,
};

/** The same provider with something changed. Works for literals and for class instances, whose methods keep their `this`. */
export function vary(provider: AnyProvider, changed: Partial<AnyProvider>): AnyProvider {
  return new Proxy(provider, {
    get(target, key) {
      if (Object.hasOwn(changed, key)) return changed[key as keyof AnyProvider];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}

export function hurried(provider: AnyProvider): AnyProvider {
  const timings = { ...provider.manifest.timings, ...hurriedTimings };
  const { ask } = provider.facets;
  // ASSUMED, as the timings.
  const facets = ask ? { ...provider.facets, ask: { ...ask, pollMs: 20 } } : provider.facets;
  return vary(provider, { manifest: { ...provider.manifest, timings }, facets });
}

/** The same provider without one of its abilities. */
export function without(provider: AnyProvider, facet: keyof Facets): AnyProvider {
  const { [facet]: _taken, ...facets } = provider.facets;
  return vary(provider, { facets });
}
