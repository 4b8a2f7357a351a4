import type { AskFacet } from "./ask.js";
import type { ChallengeKind } from "./challenge.js";
import type { ConnectFacet } from "./connection.js";
import type { ConverseFacet } from "./conversation.js";
import type { DeliveryStatus, ProviderEvent, RawDelivery, ReadContext, ReadDelivery } from "./event.js";
import type { InstantMs } from "./ids.js";
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
  /**
   * Pure: what happened with the send itself, for services whose answer is already the reply. Core keeps the events before the
   * send counts as settled.
   */
  events?(receipt: SendReceipt, context: SessionContext): readonly ProviderEvent[];
  /**
   * Read and stored before the message leaves, where a lost message and a lost answer can be told apart only by comparing.
   * Given back to `settle`.
   */
  mark?(message: OutboundMessage, context: SessionContext): Procedure<JsonValue>;
  /**
   * After a fate that is unknown: whether the provider has the message. `undefined` when even looking does not tell; nothing is
   * repeated then. Absent: there is no way to look.
   */
  settle?(
    message: OutboundMessage,
    seen: SendTraces,
    context: SessionContext,
  ): Procedure<SendReceipt | "not_taken" | undefined>;
  /**
   * What the provider knows now of a message that it took. Asked when somebody waits for a receipt, and once to join events,
   * which name a message by the network's key, to what sending answered. Absent: receipts come from events alone, joined by
   * `SendReceipt.providerMessageId`.
   */
  progress?(receipt: SendReceipt, context: SessionContext): Procedure<MessageProgress>;
}

/** What is known of a send whose fate is not. */
export interface SendTraces {
  /** What `mark` told before the message left. */
  readonly mark?: JsonValue;
  /** When it began to leave and when its answer was given up, by our clock. */
  readonly startedAtMs: InstantMs;
  readonly endedAtMs: InstantMs;
  /** This session's messages before and after it: what the provider has of one of these is not what is looked for. */
  readonly others: readonly OtherSend[];
}

export interface OtherSend {
  readonly providerMessageId: string;
  readonly startedAtMs: InstantMs;
  readonly endedAtMs: InstantMs;
}

/** How far a sent message got, as far as the provider tells. */
export interface MessageProgress {
  /** The network's own key, as `message.status` events carry it. Absent while there is none yet. */
  readonly messageKey?: string;
  readonly status?: DeliveryStatus;
  /** Why it failed. */
  readonly reason?: string;
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
  /** Under which name a session's secrets hold the one that deliveries are signed with. Default `webhook_secret`. */
  readonly secretName?: string;
  /** The signature stands in the headers and says nothing of the body, so a forged delivery is refused unread. Default false. */
  readonly signsHeadersOnly?: boolean;
  /** Constant time; false when no secret is known. */
  verify(delivery: RawDelivery, secrets: Readonly<Record<string, string>>): boolean;
  /** Total: hostile bytes become a `provider` event, never a throw. Pure but for what it teaches `context.identities`. */
  read(delivery: RawDelivery, context?: ReadContext): ReadDelivery;
  /** When the provider sent it, by its own word. Absent, or undefined: it does not tell. Total, like `read`. */
  sentAtMs?(delivery: RawDelivery): InstantMs | undefined;
}

/** The opt-in abilities of a provider. A key that is absent is a capability that is refused with nothing on the wire. */
export interface Facets {
  readonly pairing?: PairingFacet;
  readonly send?: SendFacet;
  readonly edit?: EditFacet;
  readonly presence?: PresenceFacet;
  readonly receive?: ReceiveFacet;
  readonly connect?: ConnectFacet;
  readonly ask?: AskFacet;
  readonly converse?: ConverseFacet;
}

export type Capability = keyof Facets;
