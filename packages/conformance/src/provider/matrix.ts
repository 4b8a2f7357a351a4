import type { AnyProvider, Capability, MessageKind, ProviderTraits } from "@colloquy/core";
import { operationsOf } from "./expect.js";

/** What one provider declares. */
export interface ProviderMatrixRow {
  readonly id: string;
  readonly displayName: string;
  readonly asOf: string;
  readonly capabilities: Readonly<Record<Capability | "logout" | "suspend", boolean>>;
  readonly pairingKinds: readonly string[];
  readonly messageKinds: readonly MessageKind[];
  readonly traits: ProviderTraits;
  readonly operationCount: number;
}

/** What each provider declares, in the order given. The suite has shown that both directions hold. */
export function providerMatrix(providers: readonly AnyProvider[]): readonly ProviderMatrixRow[] {
  return providers.map((provider) => {
    const { manifest, facets } = provider;
    return {
      id: provider.id,
      displayName: manifest.displayName,
      asOf: manifest.asOf,
      capabilities: {
        pairing: facets.pairing !== undefined,
        send: facets.send !== undefined,
        edit: facets.edit !== undefined,
        presence: facets.presence !== undefined,
        receive: facets.receive !== undefined,
        connect: facets.connect !== undefined,
        ask: facets.ask !== undefined,
        converse: facets.converse !== undefined,
        logout: provider.logout !== undefined,
        // Disconnecting that unpairs is no pause, so core refuses it.
        suspend: !manifest.traits.disconnectUnpairs,
      },
      pairingKinds: facets.pairing?.kinds ?? [],
      messageKinds: facets.send ? (manifest.messages?.kinds ?? []) : [],
      traits: manifest.traits,
      operationCount: operationsOf(provider).length,
    };
  });
}
