import type { SessionEvent } from "@colloquy/core";
import { inWords } from "../durations.js";
import type { Fields, Output } from "../output/output.js";

/** An event as JSON tells it: no raw payload, no text and no whole number unless asked for. */
export function eventJson(event: SessionEvent, output: Output): Fields {
  const { type, atMs } = event;
  switch (event.type) {
    case "message.received": {
      const { providerMessageId, kind, chatId, from, text } = event.message;
      return {
        type,
        atMs,
        providerMessageId,
        kind,
        chat: output.address(chatId),
        from: output.address(from.phone ?? from.id),
        text: output.text(text),
      };
    }
    case "message.status":
      return { type, atMs, messageKey: event.messageKey, status: event.status, reason: event.reason };
    case "provider":
      return { type, atMs, name: event.name };
    case "state":
      return {
        type,
        atMs,
        from: event.from,
        to: event.to,
        reason: event.reason,
        nextAttemptAtMs: event.nextAttemptAtMs,
      };
    case "send":
      return { type, atMs, messageId: event.messageId, state: event.state };
    case "paced":
      return { type, atMs, messageId: event.messageId, untilMs: event.untilMs };
    case "pacing":
      return { type, atMs, state: event.state, bucket: event.bucket, scope: event.scope, freeAtMs: event.freeAtMs };
    case "ask":
      return { type, atMs, askId: event.askId, state: event.state, reason: event.reason };
    case "ask.waiting":
      return { type, atMs, askId: event.askId, waitedMs: event.waitedMs };
    case "ask.ignored":
      return { type, atMs, askId: event.askId, why: event.why };
    case "health":
      return { type, atMs, health: event.health.status, signals: event.health.signals };
    default:
      return { type, atMs };
  }
}

/** The same for people, with the time of day. */
export function eventLine(event: SessionEvent, output: Output): string {
  return `${timeOfDay(event.atMs)}  ${whatHappened(event, output)}`;
}

function whatHappened(event: SessionEvent, output: Output): string {
  switch (event.type) {
    case "message.received": {
      const { from, kind, text } = event.message;
      return `received ${kind} from ${output.address(from.phone ?? from.id) ?? "somebody"}: ${output.text(text)}`;
    }
    case "message.status":
      return `message ${event.messageKey.slice(0, 12)} is ${event.status}${event.reason === undefined ? "" : ` (${event.reason})`}`;
    case "provider":
      return `the provider says ${event.name}`;
    case "state":
      return `${event.from} -> ${event.to}${event.reason === undefined ? "" : ` (${event.reason})`}`;
    case "send":
      return `message ${event.messageId} was ${event.state === "unknown" ? "sent or not: unknown" : event.state}`;
    case "paced":
      return `message ${event.messageId} waits ${inWords(event.untilMs - event.atMs)} for its limit`;
    case "pacing": {
      if (event.state === "ended") return `nothing waits for the limit ${event.bucket} any more`;
      const until = event.freeAtMs === undefined ? "" : `, free in ${inWords(event.freeAtMs - event.atMs)}`;
      return `sending waits for the limit ${event.bucket} of the ${event.scope}${until}`;
    }
    case "health":
      return `health: ${[event.health.status, ...event.health.signals].join(", ")}`;
    case "ask":
      return `question ${event.askId} is ${event.state}${event.reason === undefined ? "" : ` (${event.reason})`}`;
    case "ask.waiting":
      return `question ${event.askId} waits for its answer, ${inWords(event.waitedMs)} by now`;
    case "ask.ignored":
      return `an answer to question ${event.askId} was not taken: ${event.why}`;
    case "taken_over":
      return "another process took the session over";
    case "challenge":
      return "a code is on show";
  }
}

export function timeOfDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23);
}
