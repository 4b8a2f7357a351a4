import type { AnyProvider, AskOptions, OutboundMessage, RawDelivery, Store } from "@colloquy/core";

/** What people do at the service. A session is named by the provider's own id. */
export interface People {
  /** Scans the code on show with the expected account. */
  scan(remoteId: string): void | Promise<void>;
  /** Scans it with an account that is not the one of `sessionInput`. */
  scanAsAnother(remoteId: string): void | Promise<void>;
  /** Makes the code on show useless, so that the service has to make another. */
  expireCode(remoteId: string): void | Promise<void>;
  /** Unlinks the account on the phone. */
  unlink(remoteId: string): void | Promise<void>;
  /** The session loses its connection and finds none before `restore`. */
  drop(remoteId: string): void | Promise<void>;
  restore(remoteId: string): void | Promise<void>;
}

/** Who answers questions, for providers that declare `ask`. A question is named by our id. */
export interface PeopleWhoAnswer {
  /** What `session.ask` takes. Its answer may be any text. */
  readonly question: AskOptions;
  /** What `facets.ask.check` refuses. */
  readonly wrongQuestion: AskOptions;
  /** Somebody gives this answer, or one that holds it. Where the reply is the answer: the service is about to give it. */
  answer(askId: string, text: string): void | Promise<void>;
  /** How many questions were taken, repeated ones too. */
  count(): number;
  /** The next question is taken, but the reply to it never arrives. */
  loseNextReply(): void;
}

/** The service from its own side. */
export interface ServiceView {
  /** How many requests have arrived, refused and lost ones too. */
  requestCount(): number;
  /** How many messages were taken. */
  messageCount(): number;
  /** `store`: the one that the session was made in, for services that live in it. */
  hasSession(remoteId: string, store: Store): boolean | Promise<boolean>;
}

/**
 * One fresh service with a provider that speaks to it: what the author of a provider writes. Nothing is shared between two
 * worlds, and everything is on this machine.
 */
export interface ProviderWorld {
  /** Not yet used. The suite gives it shorter timings. Its limits must let some twenty requests pass in a second. */
  readonly provider: AnyProvider;
  /** The same service, with a token that it refuses. */
  readonly providerWithWrongToken: AnyProvider;
  /** Providers with wrong options, one fault each. */
  readonly misconfigured: readonly AnyProvider[];
  /** What `sessions.create` takes. It names an expected account where the provider can. */
  readonly sessionInput: unknown;
  /** What `validateSession` refuses. */
  readonly wrongSessionInput: unknown;
  readonly unknownRemoteId: string;
  readonly recipient: string;
  /** What `facets.send.check` refuses. */
  readonly wrongMessage: OutboundMessage;
  /** Inputs by operation name, for operations whose path cannot be filled by a record of its places alone. */
  readonly operationInputs?: Readonly<Record<string, unknown>>;
  /** Buckets that operations spend and that only other plans than the world's limit. */
  readonly unlimitedBuckets?: readonly string[];
  /** Tokens, keys and phone numbers that must never be told. The suite adds the session's secrets. */
  readonly canaries: readonly string[];
  readonly people: People;
  /** Where an open session stands: `waiting` for providers whose sessions are one question each. Default `connected`. */
  readonly standsAs?: "connected" | "waiting";
  /** Needed where the provider declares `ask`. */
  readonly asks?: PeopleWhoAnswer;
  readonly service: ServiceView;
  /** The next message is taken, but its answer never arrives. */
  loseNextAnswer(): void;
  /** From now on the service answers nothing but failures. */
  beginOutage(): void;
  /** An inbound message as the service would push it, rightly signed. */
  messageDelivery(remoteId: string): RawDelivery | Promise<RawDelivery>;
  dispose(): Promise<void>;
}

/** What a world may be unable to do. */
export type WorldAbility =
  | "scanAsAnother"
  | "expireCode"
  | "unlink"
  | "drop"
  | "loseNextAnswer"
  | "beginOutage"
  | "messageDelivery"
  | "standConnected"
  | "answerLater"
  | "loseNextAsk"
  | "rateLimits"
  | "sameKeys"
  | "wrongToken";
