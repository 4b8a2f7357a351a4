import type { ChallengeKind } from "./challenge.js";
import type { RawDelivery, ReadDelivery } from "./event.js";
import type { OutboundMessage, SendReceipt } from "./message.js";
import type { RemoteSignal } from "./observation.js";
import type { Call, Procedure } from "./procedure.js";
import type { Problem, SessionContext } from "./provider.js";
import type { JsonValue } from "./wire.js";

/** Links an account by a challenge that a person answers. */
export interface PairingFacet {
  readonly kinds: readonly ChallengeKind[];
  /** Fetches a fresh artefact after the last one expired. */
  refresh(context: SessionContext): Procedure<RemoteSignal>;
  /** Answers a challenge from here, for kinds that need it (passkey). */
  respond?(context: SessionContext, response: Readonly<Record<string, JsonValue>>): Procedure<RemoteSignal>;
}

export interface SendFacet {
  /** Pure: what the provider would refuse, beyond the manifest's message rules. */
  check(message: OutboundMessage): readonly Problem[];
  /** Exactly one exchange, so that its fate is one fact. */
  send(message: OutboundMessage, context: SessionContext): Call<SendReceipt>;
}

export interface EditFacet {
  edit(providerMessageId: string, text: string, context: SessionContext): Call;
  remove(providerMessageId: string, context: SessionContext): Call;
}

export type PresenceKind = "composing" | "recording" | "paused" | "available" | "unavailable";

export interface PresenceFacet {
  setPresence(chatId: string, kind: PresenceKind, context: SessionContext): Call;
}

/** Reads what the provider pushes to us. */
export interface ReceiveFacet {
  /** Constant time; false when no secret is known. */
  verify(delivery: RawDelivery, secrets: Readonly<Record<string, string>>): boolean;
  /** Pure and total: hostile bytes become a `provider` event, never a throw. */
  read(delivery: RawDelivery): ReadDelivery;
}

/** The opt-in abilities of a provider. A key that is absent is a capability that is refused with nothing on the wire. */
export interface Facets {
  readonly pairing?: PairingFacet;
  readonly send?: SendFacet;
  readonly edit?: EditFacet;
  readonly presence?: PresenceFacet;
  readonly receive?: ReceiveFacet;
}

export type Capability = keyof Facets;
