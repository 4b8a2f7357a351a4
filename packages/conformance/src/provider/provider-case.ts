import type { AnyProvider, Colloquy, Session, Store } from "@colloquy/core";
import type { ProviderWorld, WorldAbility } from "./world.js";

/** Everything that was logged, one text per line. */
export type LogLines = readonly string[];

/** What a test gets: a fresh world and a Colloquy over it, both cleaned up afterwards. */
export interface ProviderCaseContext {
  readonly world: ProviderWorld;
  /** The world's provider with timings that suit a test on the real clock. */
  readonly provider: AnyProvider;
  readonly store: Store;
  readonly log: LogLines;
  /** A Colloquy with this provider, or another over the same service. */
  colloquy(provider?: AnyProvider, store?: Store): Colloquy<readonly AnyProvider[]>;
  /** A session that was made and not started. */
  created(provider?: AnyProvider): Promise<Session>;
  /** A session that is connected. */
  connected(provider?: AnyProvider): Promise<Session>;
}

export interface ProviderCase {
  /** A sentence about the provider. */
  readonly title: string;
  /** The test runs only for providers of which this holds. Absent: for every one. */
  readonly applies?: {
    readonly to: (provider: AnyProvider) => boolean;
    /** Why it was skipped. */
    readonly otherwise: string;
  };
  /** What the world must be able to do. */
  readonly needs?: WorldAbility;
  readonly run: (context: ProviderCaseContext) => void | Promise<void>;
}

const withFacet = (facet: keyof AnyProvider["facets"]): NonNullable<ProviderCase["applies"]> => ({
  to: (provider) => provider.facets[facet] !== undefined,
  otherwise: `the provider does not declare "${facet}"`,
});

export const pairs: NonNullable<ProviderCase["applies"]> = withFacet("pairing");
export const sends: NonNullable<ProviderCase["applies"]> = withFacet("send");
export const edits: NonNullable<ProviderCase["applies"]> = withFacet("edit");
export const showsPresence: NonNullable<ProviderCase["applies"]> = withFacet("presence");
export const receives: NonNullable<ProviderCase["applies"]> = withFacet("receive");
export const connects: NonNullable<ProviderCase["applies"]> = withFacet("connect");
export const asks: NonNullable<ProviderCase["applies"]> = withFacet("ask");
