import type { ReadDelivery, SessionId } from "@colloquy/core";
import type { Fields, Output } from "../output/output.js";
import { eventJson, eventLine, timeOfDay } from "../watching/event-text.js";

/** One thing that a delivery told, for people and for programs. */
export interface Told {
  readonly line: string;
  readonly fields: Fields;
}

/** What a delivery holds: events for the application, and signals about the session itself. */
export function deliveryText(
  { events, signals }: ReadDelivery,
  about: { readonly sessionId: SessionId; readonly atMs: number; readonly isDuplicate: boolean },
  output: Output,
): readonly Told[] {
  const { sessionId, atMs, isDuplicate } = about;
  const again = isDuplicate ? ", which came before" : "";
  const mark = isDuplicate ? { isDuplicate } : {};
  return [
    ...events.map((event) => {
      const told = { ...event, sessionId, atMs };
      return { line: `${eventLine(told, output)}${again}`, fields: { ...eventJson(told, output), ...mark } };
    }),
    // The challenge that may come with it can link the session, so it is not printed.
    ...signals.map(({ word }) => ({
      line: `${timeOfDay(atMs)}  the session is said to be ${word}`,
      fields: { type: "signal", atMs, word },
    })),
  ];
}
