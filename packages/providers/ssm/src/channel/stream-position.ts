import type { Agreement } from "../handshake/negotiation.js";

/** Where a stream stands that was closed with nothing under way: enough to go on with it over another connection. */
export interface StreamPosition {
  /** The number of our next frame. */
  readonly nextSequence: number;
  /** The number of the agent's next frame. */
  readonly expectedSequence: number;
  readonly agreement: Agreement;
}

/** Reads one that was kept as text. Undefined for anything else. */
export function readStreamPosition(text: string): StreamPosition | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isStreamPosition(read) ? read : undefined;
}

function isStreamPosition(value: unknown): value is StreamPosition {
  if (typeof value !== "object" || value === null) return false;
  const { nextSequence, expectedSequence, agreement } = value as Partial<Record<keyof StreamPosition, unknown>>;
  return (
    Number.isSafeInteger(nextSequence) &&
    Number.isSafeInteger(expectedSequence) &&
    typeof (agreement as Partial<Agreement> | null | undefined)?.sessionType === "string"
  );
}
