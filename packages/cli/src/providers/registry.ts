import { ColloquyError } from "@colloquy/core/contract";
import type { ProviderAdapter } from "./provider-adapter.js";

/** Loaded when a session or a command is of that provider: their packages are half of what starting a command costs. */
const adapters: ReadonlyMap<string, () => Promise<ProviderAdapter>> = new Map([
  ["wasender", async () => (await import("./wasender.js")).wasenderAdapter],
  ["atlus", async () => (await import("./atlus.js")).atlusAdapter],
  ["org-nats", async () => (await import("./org-nats.js")).orgNatsAdapter],
]);

export const providerIds: readonly string[] = [...adapters.keys()];

export async function adapterOf(providerId: string): Promise<ProviderAdapter> {
  const load = adapters.get(providerId);
  if (load) return load();
  throw new ColloquyError({
    code: "PROVIDER_UNKNOWN",
    message: `There is no provider "${providerId}".`,
    userAction: `Use one of: ${providerIds.join(", ")}.`,
  });
}
