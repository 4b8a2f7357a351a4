// The door for receivers at the edge: what reads webhooks, without the client and its dependencies.

import type { ReceiveFacet } from "@colloquy/core/contract";
import { receiveFacet } from "./facets/receive.js";

export type {
  WasenderCall,
  WasenderChat,
  WasenderEventContact,
  WasenderEventData,
  WasenderEventGroup,
  WasenderEventMessage,
  WasenderMessageChange,
  WasenderMessageUpdate,
  WasenderParticipantsChange,
  WasenderPasskey,
  WasenderPollResult,
  WasenderReaction,
  WasenderReceipt,
  WasenderSentMessage,
} from "./events/event-data.js";
export type { WasenderMessageKey } from "./events/key.js";
export type { WasenderPerson } from "./events/person.js";
export type { ReadWasenderEventOptions } from "./events/read-wasender-event.js";
export { readWasenderEvent } from "./events/read-wasender-event.js";
export type { UnknownWasenderEvent, WasenderEvent } from "./events/wasender-event.js";
export type { WasenderWebhookEvent } from "./wire-types.js";

/** The part of the provider that receives. `createWebhookHandler` takes it in place of `wasender()`; it imports nothing of Node's. */
export const wasenderWebhooks: {
  readonly id: "wasender";
  readonly facets: { readonly receive: ReceiveFacet };
} = { id: "wasender", facets: { receive: receiveFacet } };
