import { ColloquyError } from "@colloquy/core/contract";
import { atlusAdapter } from "./atlus.js";
import { orgNatsAdapter } from "./org-nats.js";
import type { ProviderAdapter } from "./provider-adapter.js";
import { wasenderAdapter } from "./wasender.js";

export const providerAdapters: readonly ProviderAdapter[] = [wasenderAdapter, atlusAdapter, orgNatsAdapter];

export function adapterOf(providerId: string): ProviderAdapter {
  const found = providerAdapters.find(({ id }) => id === providerId);
  if (found) return found;
  const known = providerAdapters.map(({ id }) => id).join(", ");
  throw new ColloquyError({
    code: "PROVIDER_UNKNOWN",
    message: `There is no provider "${providerId}".`,
    userAction: `Use one of: ${known}.`,
  });
}
