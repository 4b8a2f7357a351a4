import type { ProviderEvent } from "@colloquy/core/contract";
import type { JsonRecord } from "../json.js";
import type { Envelope } from "./envelope.js";

/** What could be read of a list, and whether that was all of it. */
export interface PartialRead {
  readonly events: readonly ProviderEvent[];
  readonly isWhole: boolean;
}

/**
 * The envelope of one part of a list. Each event keeps its own part alone: with the whole list beside each of its events, a
 * store would keep it as many times as it is long.
 */
export function partOf({ event, raw }: Envelope, data: unknown): JsonRecord {
  const timestamp = raw["timestamp"];
  return typeof timestamp === "number" ? { event, timestamp, data } : { event, data };
}
