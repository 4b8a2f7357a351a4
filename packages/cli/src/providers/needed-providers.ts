import type { AnyProvider, Store } from "@colloquy/core";
import { isFile } from "../open-store.js";
import { adapterOf, providerIds } from "./registry.js";

/** The providers that a command names itself, or all of them. Those whose sessions the store holds come on top. */
export type NamedProviders = "all" | readonly string[];

interface Place {
  readonly store: Store;
  /** The file, or the address of the server. */
  readonly path: string;
}

/** What a command may meet, configured by the environment. Opens the store where it has to look into it. */
export async function neededProviders(
  place: Place,
  named: NamedProviders,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly AnyProvider[]> {
  const ids = await neededIds(place, named);
  const adapters = await Promise.all(ids.map(adapterOf));
  return adapters.map((adapter) => adapter.configure(environment));
}

async function neededIds({ store, path }: Place, named: NamedProviders): Promise<readonly string[]> {
  // Servers keep no index of it, and to read all sessions takes longer than to load the packages.
  if (named === "all" || !isFile(path)) return providerIds;
  await store.open();
  const needed = await Promise.all(
    providerIds.map(async (providerId) => {
      if (named.includes(providerId)) return true;
      return (await store.records.list({ providerId, limit: 1 })).records.length > 0;
    }),
  );
  return providerIds.filter((_, place) => needed[place]);
}
