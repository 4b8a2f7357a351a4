import type { JsonRecord } from "../json.js";
import type { WasenderWebhookEvent } from "../wire-types.js";
import type { WasenderEventData } from "./event-data.js";

interface Told<Name extends WasenderWebhookEvent> {
  readonly event: Name;
  /** When it was sent, if it tells. */
  readonly atMs?: number;
  readonly data: WasenderEventData[Name];
  /** The envelope as it came, without the session's API key. */
  readonly raw: JsonRecord;
}

/** An event that nobody documented, or one whose data cannot be read: kept as it came. */
export interface UnknownWasenderEvent {
  readonly event: "unknown";
  /** What it calls itself; `unreadable` when it is no envelope at all. */
  readonly name: string;
  readonly atMs?: number;
  readonly raw: unknown;
}

/** Every webhook event, told apart by `event`. */
export type WasenderEvent = { [Name in WasenderWebhookEvent]: Told<Name> }[WasenderWebhookEvent] | UnknownWasenderEvent;
