import type { CredentialDescription } from "./credential.js";
import type { MessageKind } from "./message.js";
import type { LimitRule } from "./rate-limit.js";

/** Behaviour that methods cannot tell. */
export interface ProviderTraits {
  /** Disconnecting logs the account out, so `suspend` is refused. */
  readonly disconnectUnpairs: boolean;
  /** The state must be asked for: no connection of ours would notice a change. */
  readonly statePolling: boolean;
  /** Core holds a connection open (socket providers). */
  readonly hasTransport: boolean;
  /** A session in a final state may be restarted as a new incarnation. */
  readonly canRestart: boolean;
}

/** All in milliseconds. */
export interface ProviderTimings {
  /** From asking to connect until `connected` or a challenge; then it counts as lost. */
  readonly connectDeadlineMs: number;
  /** Whole pairing, over all codes. */
  readonly pairingDeadlineMs: number;
  /** One code. */
  readonly challengeLifetimeMs: number;
  /** `connected` without a proof for this long is no longer believed. */
  readonly livenessMs: number;
  readonly closeDeadlineMs: number;
  /** With `statePolling`: how often to ask while connecting or pairing, and while connected. */
  readonly pollActiveMs: number;
  readonly pollConnectedMs: number;
}

export interface MessageRules {
  readonly kinds: readonly MessageKind[];
  /** In UTF-16 code units, as the provider counts. */
  readonly maxTextLength: number;
  readonly pollOptions?: { readonly min: number; readonly max: number };
}

/** What a provider is and can do, as data. Docs, the conformance suite and the gate read it. */
export interface ProviderManifest {
  readonly id: string;
  readonly displayName: string;
  readonly documentationUrl?: string;
  /** ISO date of the newest source that the package was checked against. */
  readonly asOf: string;
  readonly credentials: readonly CredentialDescription[];
  readonly traits: ProviderTraits;
  readonly timings: ProviderTimings;
  readonly limits: readonly LimitRule[];
  readonly messages?: MessageRules;
  /** Every status word that `interpret` knows, in lower case. */
  readonly statusWords: readonly string[];
}
