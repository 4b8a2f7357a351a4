import type { AnyProvider, SessionId, SessionState } from "../contract/index.js";
import type { Session } from "./session.js";

export type ProviderOf<Providers extends readonly AnyProvider[], Id extends string> = Extract<
  Providers[number],
  { readonly id: Id }
>;
type InputOf<P extends AnyProvider> = Parameters<P["create"]>[0];

export interface CreateOptions {
  /** The session ends as `expired` after this long, in milliseconds. Default: never. */
  readonly ttlMs?: number;
  readonly signal?: AbortSignal;
}

export interface ListQuery {
  readonly providerId?: string;
  readonly states?: readonly SessionState[];
}

export interface Sessions<Providers extends readonly AnyProvider[]> {
  /** Makes a session at the provider and keeps it. With `OUTCOME_UNKNOWN` it may exist there: look with `provider(id)`, then `attach`. */
  create<Id extends Providers[number]["id"]>(
    providerId: Id,
    input: InputOf<ProviderOf<Providers, Id>>,
    options?: CreateOptions,
  ): Promise<Session<ProviderOf<Providers, Id>>>;
  /** Takes a session that already exists at the provider into the store. */
  attach<Id extends Providers[number]["id"]>(
    providerId: Id,
    remoteId: string,
    options?: CreateOptions,
  ): Promise<Session<ProviderOf<Providers, Id>>>;
  /** A handle that reads. Its first command takes the session over. */
  get(id: SessionId): Promise<Session<Providers[number]>>;
  /** Every stored session, newest first. */
  list(query?: ListQuery): AsyncIterableIterator<Session<Providers[number]>>;
  /** Takes over every stored session that is not at rest, and goes on with what an earlier process left. */
  restore(query?: ListQuery): Promise<readonly Session<Providers[number]>[]>;
  /** Forgets a session here, with its history and keys; the provider is not asked. Use `close` to end it there first. */
  forget(id: SessionId): Promise<boolean>;
}
