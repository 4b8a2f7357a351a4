import type { LimitPlan } from "../server/plan.js";

export interface Message {
  readonly id: string;
  readonly session: string;
  readonly isUrgent?: boolean;
}

/** What a client is told before it begins. */
export interface ClientOptions {
  readonly url: string;
  /** The server's limits, or none when the client has to find out. */
  readonly known: readonly LimitPlan[];
  /** Where processes that share a limit meet, in scenarios of that kind. */
  readonly shared?: MeetingPlace;
}

/** What processes can meet in. */
export type MeetingKind = "redis" | "nats";

export interface MeetingPlace {
  readonly kind: MeetingKind;
  readonly url: string;
  /** Begins every key or name: each run has a place of its own. Letters, digits and dashes. */
  readonly prefix: string;
}

export interface Client {
  /** Resolves once the message was accepted, as far as this client knows. */
  send(message: Message, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** One way of sending, as a program would set it up: Colloquy or a peer as published. */
export interface Subject {
  readonly name: string;
  /** Cannot do anything sensible unless the limit is told beforehand. */
  readonly needsKnownLimit?: boolean;
  /** Serves one session only, or knows no priorities. */
  readonly isSingleLine?: boolean;
  open(options: ClientOptions): Client;
}

/** Refused so often, a send is given up by everyone who lets us say so: enough for the longest scenario. */
export const mostAttempts = 60;

export function bodyOf({ id, session }: Message): { readonly to: string; readonly text: string } {
  return { to: session, text: id };
}

/** The tightest of the known limits, for clients that can be told one only. */
export function tightestOf(known: readonly LimitPlan[]): LimitPlan {
  return known.reduce((tightest, one) =>
    one.windowMs / one.limit > tightest.windowMs / tightest.limit ? one : tightest,
  );
}
