import type { AnyOperation, AnyProvider, Call, Facets, Procedure, ProviderManifest } from "@colloquy/core";
import type { ReferenceProvider } from "@colloquy/core/testing";

/** One mistake that the author of a provider could make, and the tests that must notice it. */
export interface ProviderFault {
  /** Continues "finds a provider that". */
  readonly name: string;
  readonly change: (provider: ReferenceProvider) => Partial<AnyProvider>;
  readonly fails: readonly string[];
}

/** The reference provider with the fault in it. */
export function faulty(provider: ReferenceProvider, { change }: Pick<ProviderFault, "change">): ReferenceProvider {
  return { ...provider, ...change(provider) } as ReferenceProvider;
}

export const manifestWith =
  (changed: (manifest: ProviderManifest) => Partial<ProviderManifest>): ProviderFault["change"] =>
  ({ manifest }) => ({ manifest: { ...manifest, ...changed(manifest) } });

export const facetWith =
  <Name extends keyof Facets>(
    name: Name,
    changed: (facet: NonNullable<Facets[Name]>) => Partial<NonNullable<Facets[Name]>>,
  ): ProviderFault["change"] =>
  ({ facets }) => {
    const facet = facets[name] as NonNullable<Facets[Name]>;
    return { facets: { ...facets, [name]: { ...facet, ...changed(facet) } } };
  };

/** Exchanges one operation everywhere: in the tree, in the procedures and in the facets. */
export const operationWith =
  (name: string, changed: (operation: AnyOperation) => Partial<AnyOperation>): ProviderFault["change"] =>
  (provider) => {
    const swap = (operation: AnyOperation): AnyOperation =>
      operation.name === name ? { ...operation, ...changed(operation) } : operation;
    const operations = Object.fromEntries(
      Object.entries(provider.operations).map(([noun, verbs]) => [
        noun,
        Object.fromEntries(Object.entries(verbs).map(([verb, operation]) => [verb, swap(operation)])),
      ]),
    );
    const { send } = provider.facets;
    return {
      operations,
      create: (input) => swapped(provider.create(input as never), swap),
      attach: (remoteId) => swapped(provider.attach(remoteId), swap),
      facets: {
        ...provider.facets,
        ...(send && {
          send: {
            ...send,
            send: (message, context) => {
              const call = send.send(message, context);
              return { ...call, operation: swap(call.operation) };
            },
          },
        }),
      },
    };
  };

function* swapped<Result>(
  procedure: Procedure<Result>,
  swap: (operation: AnyOperation) => AnyOperation,
): Procedure<Result> {
  let step = procedure.next();
  while (!step.done) {
    const asked: Call = { ...step.value, operation: swap(step.value.operation) };
    try {
      step = procedure.next(yield asked);
    } catch (error) {
      step = procedure.throw(error);
    }
  }
  return step.value;
}
